// SPDX-License-Identifier: Apache-2.0

/// The values of `content-type` that mean gRPC.
enum GRPCContentType {
  static let plain = "application/grpc"
  private static let protobuf = plain + "+proto"

  /// `application/grpc`, with or without `+` and the name of a message format, with or without parameters. Messages are
  /// protobuf here, so that JSON and the like are not taken.
  static func isAccepted(_ value: String?) -> Bool {
    let type = type(value)
    return type == plain || type == protobuf
  }

  /// What a response to a request of this type has: the same, without parameters.
  static func answer(to value: String?) -> String {
    type(value) == protobuf ? protobuf : plain
  }

  private static func type(_ value: String?) -> String? {
    // As nearly all have it, without making another string.
    if value == plain { return plain }
    return value?.prefix { $0 != ";" && $0 != " " }.lowercased()
  }
}
