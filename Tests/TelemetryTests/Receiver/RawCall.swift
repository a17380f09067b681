// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import Telemetry
import Testbed
import Transport

/// A call that a real client makes byte for byte as it is told: grpcio, or Python's http.client.
struct RawCall: Encodable {
  var grpc: String?
  var http: String?
  var method: String?
  var path: String
  var body: Data
  var metadata: [String: String]?
  var headers: [String: String]?
  var gzip: Bool?

  static func grpc(
    _ port: Int, _ path: String, _ body: ByteBuffer, metadata: [String: String] = [:], gzip: Bool = false
  ) -> RawCall {
    RawCall(
      grpc: "127.0.0.1:\(port)", path: path, body: Data(body.readableBytesView), metadata: metadata, gzip: gzip)
  }

  static func http(
    _ port: Int, _ path: String, _ body: ByteBuffer, type: String = "application/x-protobuf", method: String = "POST",
    headers: [String: String] = [:]
  ) -> RawCall {
    RawCall(
      http: "127.0.0.1:\(port)", method: method, path: path, body: Data(body.readableBytesView),
      headers: headers.merging(["Content-Type": type]) { own, _ in own })
  }

  struct Answer: Decodable {
    /// Of gRPC or of HTTP.
    var status: Int
    var message: String
    var body: Data
    var fields: [String: String]

    var code: GRPCStatusCode? { GRPCStatusCode(rawValue: status) }
    var text: String { String(decoding: body, as: UTF8.self) }
    /// The `google.rpc.Status` in a gRPC answer's trailers or in the protobuf body of an HTTP answer.
    var rpcStatus: GoogleRPCStatus? {
      let details = fields["grpc-status-details-bin"].flatMap { Data(base64Encoded: $0) }
      return GoogleRPCStatus(protobuf: [UInt8](details ?? body))
    }
  }

  /// Makes the calls one after the other.
  static func make(_ calls: [RawCall]) async throws -> [Answer] {
    let directory = try TemporaryDirectory(named: "calls")
    let json = String(decoding: try JSONEncoder().encode(calls), as: UTF8.self)
    let output = try await SDK.run("call.py", [try directory.write("calls.json", json)])
    return try JSONDecoder().decode([Answer].self, from: Data(output.utf8))
  }
}
