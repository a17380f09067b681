// SPDX-License-Identifier: Apache-2.0

/// The values of `content-type` that mean gRPC.
enum GRPCContentType {
  static let plain = "application/grpc"

  /// `application/grpc`, with or without `+` and the name of a message format, with or without parameters. Messages are
  /// protobuf here, so that JSON and the like are not taken.
  static func isAccepted(_ value: String?) -> Bool {
    guard let type = value?.prefix(while: { $0 != ";" && $0 != " " }) else { return false }
    let lower = type.lowercased()
    return lower == plain || lower == plain + "+proto"
  }
}
