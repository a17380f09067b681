// SPDX-License-Identifier: Apache-2.0

/// A google.rpc.Status (googleapis, google/rpc/status.proto) as protobuf and JSON: the value of
/// `grpc-status-details-bin`, and the body of OTLP/HTTP's errors.
public struct GoogleRPCStatus: Hashable, Sendable {
  /// A ``GRPCStatusCode``, or another number that came.
  public var code: Int
  public var message: String
  public var details: GRPCStatusDetails

  public init(code: Int, message: String, details: GRPCStatusDetails = GRPCStatusDetails()) {
    self.code = code
    self.message = message
    self.details = details
  }

  public init(_ status: GRPCStatus) {
    self.init(status, status.details ?? GRPCStatusDetails())
  }

  init(_ status: GRPCStatus, _ details: GRPCStatusDetails) {
    self.init(code: status.code.rawValue, message: status.message, details: details)
  }

  /// The same as a call's status; a number that is no code becomes UNKNOWN.
  public var status: GRPCStatus {
    GRPCStatus(
      GRPCStatusCode(rawValue: code) ?? .unknown, message, details: details == GRPCStatusDetails() ? nil : details)
  }
}

// Fields of google.rpc.Status and google.protobuf.Any.
private enum StatusField {
  static let code = 1
  static let message = 2
  static let details = 3
}

private enum AnyField {
  static let typeURL = 1
  static let value = 2
}

extension GoogleRPCStatus {
  /// Nil when the bytes are no message. Details whose bytes cannot be read are left out.
  public init?(protobuf bytes: [UInt8]) {
    guard let fields = ProtobufReader.fields(bytes[...]) else { return nil }
    self.init(code: 0, message: "")
    for (field, value) in fields {
      switch field {
      case StatusField.code: code = value.int64.map { Int(Int32(truncatingIfNeeded: $0)) } ?? code
      case StatusField.message: message = value.text ?? message
      case StatusField.details: if let bytes = value.bytes { read(detail: bytes) }
      default: break
      }
    }
  }

  private mutating func read(detail bytes: ArraySlice<UInt8>) {
    guard let fields = ProtobufReader.fields(bytes) else { return }
    let typeURL = fields.last { $0.field == AnyField.typeURL }?.value.text ?? ""
    let value = fields.last { $0.field == AnyField.value }?.value.bytes ?? []
    details.read(value, type: typeURL)
  }

  public var protobuf: [UInt8] {
    var writer = ProtobufWriter()
    writer.write(StatusField.code, number: Int64(code))
    writer.write(StatusField.message, text: message)
    for detail in details.messages {
      var any = ProtobufWriter()
      any.write(AnyField.typeURL, text: detail.typeURL)
      if !detail.value.isEmpty { any.write(AnyField.value, message: detail.value) }
      writer.write(StatusField.details, message: any.bytes)
    }
    return writer.bytes
  }
}
