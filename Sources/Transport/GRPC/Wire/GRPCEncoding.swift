// SPDX-License-Identifier: Apache-2.0

/// How messages are compressed: a value of `grpc-encoding`.
public enum GRPCEncoding: String, CaseIterable, Sendable {
  case identity
  case gzip

  /// For `grpc-accept-encoding`.
  static let accepted = allCases.map(\.rawValue).joined(separator: ",")

  /// Whether a list in `grpc-accept-encoding` has it. All understand identity.
  func isAccepted(_ list: String?) -> Bool {
    guard self != .identity else { return true }
    return (list ?? "").split(separator: ",").contains { $0.drop { $0 == " " }.prefix { $0 != " " } == rawValue }
  }
}
