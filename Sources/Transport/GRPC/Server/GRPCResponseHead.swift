// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes

/// The header fields that begin a response.
enum GRPCResponseHead {
  static func head(
    _ contentType: String, encoding: GRPCEncoding = .identity, _ metadata: GRPCMetadata = GRPCMetadata()
  ) -> HTTPResponse {
    var fields: HTTPFields = [.contentType: contentType, .grpcAcceptEncoding: GRPCEncoding.accepted]
    if encoding != .identity { fields[.grpcEncoding] = encoding.rawValue }
    metadata.append(to: &fields)
    return HTTPResponse(status: .ok, headerFields: fields)
  }
}
