// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes

/// Makes a name that is written here and known to be one.
private func name(_ text: String) -> HTTPField.Name {
  guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no name of a header field") }
  return name
}

extension HTTPField.Name {
  static let grpcStatus = name("grpc-status")
  static let grpcMessage = name("grpc-message")
  static let grpcStatusDetails = name("grpc-status-details-bin")
  static let grpcTimeout = name("grpc-timeout")
  static let grpcEncoding = name("grpc-encoding")
  static let grpcAcceptEncoding = name("grpc-accept-encoding")
  static let trailersAccepted = name("te")
}
