// SPDX-License-Identifier: Apache-2.0

/// Names of the types that are understood here, as google.protobuf.Any has them.
enum DetailType {
  static let retryInfo = "type.googleapis.com/google.rpc.RetryInfo"
  static let errorInfo = "type.googleapis.com/google.rpc.ErrorInfo"
  static let badRequest = "type.googleapis.com/google.rpc.BadRequest"
}

// The fields of every message, by the numbers in google/rpc/error_details.proto and google/protobuf/duration.proto.
private enum Field {
  static let retryDelay = 1
  static let seconds = 1
  static let nanoseconds = 2
  static let reason = 1
  static let domain = 2
  static let metadata = 3
  static let key = 1
  static let value = 2
  static let violations = 1
  static let violatedField = 1
  static let violation = 2
}

extension GRPCStatusDetails {
  /// Takes one detail in; a known type that cannot be read is dropped.
  mutating func read(_ bytes: ArraySlice<UInt8>, type: String) {
    guard [DetailType.retryInfo, DetailType.errorInfo, DetailType.badRequest].contains(type) else {
      others.append(Other(typeURL: type, value: Array(bytes)))
      return
    }
    guard let fields = ProtobufReader.fields(bytes) else { return }
    switch type {
    case DetailType.retryInfo:
      let delay = fields.last { $0.field == Field.retryDelay }?.value.bytes
      retryDelay = Self.duration(delay ?? []) ?? retryDelay
    case DetailType.errorInfo: errorInfo = Self.errorInfo(fields)
    default:
      for (field, value) in fields where field == Field.violations {
        guard let bytes = value.bytes, let violation = ProtobufReader.fields(bytes) else { continue }
        fieldViolations.append(
          FieldViolation(
            field: Self.text(violation, Field.violatedField), description: Self.text(violation, Field.violation)))
      }
    }
  }

  private static func duration(_ bytes: ArraySlice<UInt8>) -> Duration? {
    guard let fields = ProtobufReader.fields(bytes) else { return nil }
    let seconds = fields.last { $0.field == Field.seconds }?.value.int64 ?? 0
    let nanoseconds = fields.last { $0.field == Field.nanoseconds }?.value.int64 ?? 0
    let duration = Duration.seconds(seconds) + .nanoseconds(Int64(Int32(truncatingIfNeeded: nanoseconds)))
    return max(duration, .zero)
  }

  private static func errorInfo(_ fields: [(field: Int, value: ProtobufReader.Value)]) -> ErrorInfo {
    var info = ErrorInfo(reason: text(fields, Field.reason), domain: text(fields, Field.domain))
    for (field, value) in fields where field == Field.metadata {
      guard let bytes = value.bytes, let entry = ProtobufReader.fields(bytes) else { continue }
      info.metadata[text(entry, Field.key)] = text(entry, Field.value)
    }
    return info
  }

  private static func text(_ fields: [(field: Int, value: ProtobufReader.Value)], _ field: Int) -> String {
    fields.last { $0.field == field }?.value.text ?? ""
  }

  /// All details as google.protobuf.Any has them.
  var messages: [Other] {
    var messages: [Other] = []
    if let retryDelay {
      var duration = ProtobufWriter()
      let (seconds, attoseconds) = retryDelay.components
      duration.write(Field.seconds, number: seconds)
      duration.write(Field.nanoseconds, number: attoseconds / 1_000_000_000)
      var info = ProtobufWriter()
      info.write(Field.retryDelay, message: duration.bytes)
      messages.append(Other(typeURL: DetailType.retryInfo, value: info.bytes))
    }
    if let errorInfo { messages.append(Other(typeURL: DetailType.errorInfo, value: errorInfo.protobuf)) }
    if !fieldViolations.isEmpty {
      var badRequest = ProtobufWriter()
      for violation in fieldViolations {
        var writer = ProtobufWriter()
        writer.write(Field.violatedField, text: violation.field)
        writer.write(Field.violation, text: violation.description)
        badRequest.write(Field.violations, message: writer.bytes)
      }
      messages.append(Other(typeURL: DetailType.badRequest, value: badRequest.bytes))
    }
    return messages + others
  }
}

extension GRPCStatusDetails.ErrorInfo {
  fileprivate var protobuf: [UInt8] {
    var writer = ProtobufWriter()
    writer.write(Field.reason, text: reason)
    writer.write(Field.domain, text: domain)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      var entry = ProtobufWriter()
      entry.write(Field.key, text: key)
      entry.write(Field.value, text: value)
      writer.write(Field.metadata, message: entry.bytes)
    }
    return writer.bytes
  }
}
