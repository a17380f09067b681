// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The standard environment variables of OTLP exporters (OpenTelemetry specification, "OpenTelemetry Protocol Exporter"):
/// `OTEL_EXPORTER_OTLP_ENDPOINT` and the rest, each of them also for a single signal,
/// `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT`. A variable that is empty counts as not set.
public struct ExporterEnvironment: Sendable {
  private let variables: [String: String]

  /// - Parameter variables: of the process.
  public init(_ variables: [String: String]) {
    self.variables = variables
  }

  /// How requests of a signal are sent.
  ///
  /// - Throws: when a variable cannot be understood.
  public func connection(for signal: Signal) throws(TelemetryError) -> ConnectionSettings {
    let exportProtocol = try value(.init("PROTOCOL", signal), ExportProtocol.init) ?? .httpProtobuf
    var settings = ConnectionSettings(exportProtocol, try baseEndpoint(exportProtocol, signal))
    if exportProtocol != .grpc, let (place, text) = own(.init("ENDPOINT", signal)) {
      settings.signalEndpoints[signal] = try Endpoint(text, exportProtocol, place: place)
    }
    settings.headers = try headers(signal)
    settings.compression = try value(.init("COMPRESSION", signal), ExportCompression.init) ?? .none
    settings.tls.caFile = text(.init("CERTIFICATE", signal))?.text
    settings.tls.certFile = text(.init("CLIENT_CERTIFICATE", signal))?.text
    settings.tls.keyFile = text(.init("CLIENT_KEY", signal))?.text
    return settings
  }

  /// For one attempt: `OTEL_EXPORTER_OTLP_TIMEOUT`, in milliseconds; nil when not set.
  public func timeout(for signal: Signal) throws(TelemetryError) -> Duration? {
    guard let (place, text) = text(.init("TIMEOUT", signal)) else { return nil }
    guard let milliseconds = Int64(text), (1...86_400_000).contains(milliseconds) else {
      throw TelemetryError("\(place): `\(text)` is no time; give milliseconds, like 10000")
    }
    return .milliseconds(milliseconds)
  }

  // MARK: Variables

  private struct Name {
    let suffix: String
    let signal: Signal

    init(_ suffix: String, _ signal: Signal) {
      self.suffix = suffix
      self.signal = signal
    }

    var ofAll: String { "OTEL_EXPORTER_OTLP_\(suffix)" }
    var ofSignal: String { "OTEL_EXPORTER_OTLP_\(signal.rawValue.uppercased())_\(suffix)" }
  }

  private typealias Found = (place: String, text: String)

  private func find(_ name: String) -> Found? {
    guard let text = variables[name]?.trimmed, !text.isEmpty else { return nil }
    return (name, text)
  }

  /// The signal's own variable.
  private func own(_ name: Name) -> Found? { find(name.ofSignal) }

  /// The signal's own variable, or the one for all.
  private func text(_ name: Name) -> Found? { own(name) ?? find(name.ofAll) }

  private func value<Value: CaseIterable & RawRepresentable<String>>(
    _ name: Name, _ make: (String) -> Value?
  ) throws(TelemetryError) -> Value? {
    guard let (place, text) = text(name) else { return nil }
    guard let value = make(text) else {
      let known = Value.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", ")
      throw TelemetryError("\(place): `\(text)` is not known; give one of \(known)")
    }
    return value
  }

  private func baseEndpoint(
    _ exportProtocol: ExportProtocol, _ signal: Signal
  ) throws(TelemetryError) -> Endpoint {
    // Over HTTP the signal's own URL is no base: it is taken as it is.
    let name = Name("ENDPOINT", signal)
    guard let (place, text) = exportProtocol == .grpc ? text(name) : find(name.ofAll) else {
      return Endpoint(host: "localhost", port: exportProtocol == .grpc ? 4_317 : 4_318)
    }
    return try Endpoint(text, exportProtocol, place: place, isTLS: !(try isInsecure(signal)))
  }

  /// Decides for gRPC endpoints without a scheme.
  private func isInsecure(_ signal: Signal) throws(TelemetryError) -> Bool {
    guard let (place, text) = text(.init("INSECURE", signal)) else { return false }
    switch text.lowercased() {
    case "true": return true
    case "false": return false
    default: throw TelemetryError("\(place): `\(text)` is neither `true` nor `false`")
    }
  }

  /// `key=value,key=value` with values percent-encoded, as in W3C Baggage.
  private func headers(_ signal: Signal) throws(TelemetryError) -> [ConnectionSettings.Header] {
    guard let (place, text) = text(.init("HEADERS", signal)) else { return [] }
    var headers: [ConnectionSettings.Header] = []
    for (index, pair) in text.split(separator: ",").enumerated() where !pair.trimmed.isEmpty {
      // The pair itself may be a secret.
      let fault = { (reason: String) in
        TelemetryError("\(place): entry \(index + 1) \(reason); write it like `name=value,other=value%20with%20spaces`")
      }
      guard let equals = pair.firstIndex(of: "=") else { throw fault("has no `=`") }
      let key = pair[..<equals].trimmed.lowercased()
      guard HTTPField.Name(key) != nil else { throw fault("has no valid header name") }
      guard let value = pair[pair.index(after: equals)...].trimmed.percentDecoded, HTTPField.isValidValue(value) else {
        throw fault("has a value that is not percent-encoded text")
      }
      headers.append(.init(key, value))
    }
    return headers
  }
}

extension String {
  /// Nil when a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
  var percentDecoded: String? {
    var bytes: [UInt8] = []
    var rest = Substring(self).utf8
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "%") {
        bytes.append(byte)
        continue
      }
      let digits = rest.prefix(2)
      guard digits.count == 2, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
        let decoded = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(decoded)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
