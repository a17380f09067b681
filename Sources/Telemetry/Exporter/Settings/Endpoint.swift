// SPDX-License-Identifier: Apache-2.0

import Transport

/// Where a far end is: the part of a URL that OTLP uses.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  public var isTLS: Bool
  /// A name or an address; IPv6 without brackets.
  public var host: String
  public var port: Int
  /// Empty, or with a slash at its beginning.
  public var path: String

  public init(isTLS: Bool = false, host: String, port: Int, path: String = "") {
    self.isTLS = isTLS
    self.host = host
    self.port = port
    self.path = path
  }

  public var description: String { "\(isTLS ? "https" : "http")://\(authority)\(path)" }

  /// Host and port, as `:authority` and `Host` have them.
  public var authority: String { Transport.hostAndPort(host, port) }

  /// Reads `http://HOST:PORT/PATH` or `https://...`; the scheme decides about TLS. gRPC also takes `HOST:PORT`. Without a
  /// port, HTTP has that of its scheme and gRPC has 4317.
  ///
  /// - Parameters:
  ///   - place: for errors: the key or the variable.
  ///   - isTLS: what holds without a scheme.
  public init(
    _ text: String, _ exportProtocol: ExportProtocol, place: String, isTLS: Bool = true
  ) throws(TelemetryError) {
    let example = exportProtocol == .grpc ? "http://collector:4317" : "http://collector:4318"
    let fault = { (reason: String) in TelemetryError("\(place): \(reason) in `\(text)`; write it like `\(example)`") }
    var rest = text.trimmed[...]
    self.isTLS = isTLS
    if let scheme = rest.firstRange(of: "://") {
      switch rest[..<scheme.lowerBound].lowercased() {
      case "http": self.isTLS = false
      case "https": self.isTLS = true
      default: throw fault("the scheme is neither http nor https")
      }
      rest = rest[scheme.upperBound...]
    } else if exportProtocol != .grpc {
      throw fault("there is no scheme")
    }
    let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
    path = String(rest[end...])
    if path.contains("?") || path.contains("#") { throw fault("there is a query or a fragment") }
    if path.contains(where: { $0 <= " " || $0 > "~" }) { throw fault("the path has characters that are not allowed") }
    let authority = rest[..<end]
    if authority.contains("@") { throw fault("there is a user name; credentials go into the headers") }
    guard let (host, port) = Self.hostAndPort(authority) else { throw fault("there is no valid host and port") }
    self.host = host
    let standard = exportProtocol == .grpc ? 4_317 : self.isTLS ? 443 : 80
    self.port = port ?? standard
  }

  private static func hostAndPort(_ authority: Substring) -> (host: String, port: Int?)? {
    var host = authority
    var port: Substring?
    if authority.first == "[" {
      guard let close = authority.firstIndex(of: "]") else { return nil }
      host = authority[authority.index(after: authority.startIndex)..<close]
      let rest = authority[authority.index(after: close)...]
      if !rest.isEmpty {
        guard rest.first == ":" else { return nil }
        port = rest.dropFirst()
      }
      guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || ":.".contains($0) }) else { return nil }
    } else {
      if let colon = authority.firstIndex(of: ":") {
        host = authority[..<colon]
        port = authority[authority.index(after: colon)...]
      }
      guard host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }) else { return nil }
    }
    guard !host.isEmpty else { return nil }
    guard let port else { return (String(host), nil) }
    guard let number = UInt16(port), number > 0 else { return nil }
    return (String(host), Int(number))
  }
}

extension Endpoint {
  /// The URL of a signal below a base URL (OTLP exporter specification, "Endpoint URLs for OTLP/HTTP").
  public func appending(_ signal: Signal) -> Endpoint {
    var endpoint = self
    endpoint.path = (path.last == "/" ? String(path.dropLast()) : path) + signal.path
    return endpoint
  }
}

/// How OTLP is spoken, as `OTEL_EXPORTER_OTLP_PROTOCOL` names it.
public enum ExportProtocol: String, CaseIterable, Sendable {
  case grpc
  case httpProtobuf = "http/protobuf"
  case httpJSON = "http/json"
}

public enum ExportCompression: String, CaseIterable, Sendable {
  case none
  case gzip
}
