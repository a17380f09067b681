// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// grpc.health.v1's messages; each has one field, number 1.
enum HealthMessage {
  private static let field = 1

  static func request(_ service: String) -> ByteBuffer {
    var writer = ProtobufWriter()
    writer.write(field, text: service)
    return ByteBuffer(bytes: writer.bytes)
  }

  static func service(_ request: ByteBuffer) throws(GRPCStatus) -> String {
    guard let fields = ProtobufReader.fields(Array(request.readableBytesView)[...]) else {
      throw GRPCStatus(.invalidArgument, "the message is no HealthCheckRequest")
    }
    return fields.last { $0.field == field }?.value.text ?? ""
  }

  static func response(_ status: GRPCHealth.Status) -> ByteBuffer {
    var writer = ProtobufWriter()
    writer.write(field, number: status.rawValue)
    return ByteBuffer(bytes: writer.bytes)
  }

  static func status(_ response: ByteBuffer) throws(GRPCStatus) -> GRPCHealth.Status {
    guard let fields = ProtobufReader.fields(Array(response.readableBytesView)[...]) else {
      throw GRPCStatus(.internal, "the message is no HealthCheckResponse")
    }
    let number = fields.last { $0.field == field }?.value.int64 ?? 0
    return GRPCHealth.Status(rawValue: number) ?? .unknown
  }
}
