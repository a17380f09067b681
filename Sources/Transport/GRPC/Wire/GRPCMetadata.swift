// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// What a call says beside its messages: header fields and trailers. Names that end in `-bin` carry bytes, in base64;
/// a field may have several values.
public struct GRPCMetadata: Hashable, Sendable, ExpressibleByDictionaryLiteral {
  /// As they are on the wire. What came also has gRPC's own fields in it; those are left out when it is sent.
  public var fields: HTTPFields

  public init(_ fields: HTTPFields = HTTPFields()) { self.fields = fields }

  /// Names that cannot be names of header fields are left out.
  public init(dictionaryLiteral elements: (String, String)...) {
    self.init()
    for (name, value) in elements { add(name, value) }
  }

  /// The values of a field joined by commas; nil when there is none.
  public subscript(_ name: String) -> String? {
    HTTPField.Name(name).flatMap { fields[$0] }
  }

  /// Adds a value; false when the name cannot be the name of a header field.
  @discardableResult
  public mutating func add(_ name: String, _ value: String) -> Bool {
    guard let name = HTTPField.Name(name) else { return false }
    fields.append(HTTPField(name: name, value: value))
    return true
  }

  /// Adds bytes under a name that ends in `-bin`; false when it does not, or cannot be a name.
  @discardableResult
  public mutating func add(_ name: String, bytes: [UInt8]) -> Bool {
    name.hasSuffix("-bin") && add(name, Base64.encode(bytes))
  }

  /// The values of a field whose name ends in `-bin`. Those that are no base64 are left out; several may have been joined
  /// by commas on the way, which base64 has not.
  public func bytes(_ name: String) -> [[UInt8]] {
    guard let name = HTTPField.Name(name) else { return [] }
    return fields[values: name].flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
      .compactMap { Base64.decode($0.trimmingSpaces) }
  }

  /// Adds these to fields that are about to be sent.
  func append(to sent: inout HTTPFields) {
    for field in fields where !Self.isReserved(field.name) { sent.append(field) }
  }

  private static func isReserved(_ name: HTTPField.Name) -> Bool {
    let canonical = name.canonicalName
    return canonical.hasPrefix("grpc-") || canonical.hasPrefix(":") || reserved.contains(canonical)
  }

  private static let reserved: Set<String> = [
    "connection", "content-length", "content-type", "host", "te", "transfer-encoding", "user-agent",
  ]
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    let start = drop { $0 == " " }
    return start.lastIndex { $0 != " " }.map { start[...$0] } ?? ""
  }
}
