// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
public import NIOCore

/// Calls methods by gRPC over an ``HTTPClient``, which has to speak HTTP/2.
///
/// A call that the server has certainly not looked at (refused, or the connection ended before it) is made once more by
/// itself (gRPC proposal A6, "Transparent Retries"). Everything else is left to the caller.
public final class GRPCClient: Sendable {
  public let configuration: Configuration
  private let http: HTTPClient
  private let authority: String

  public init(over http: HTTPClient, _ configuration: Configuration = Configuration()) {
    self.configuration = configuration
    self.http = http
    authority = configuration.authority ?? http.configuration.authority
  }

  /// One message there, one back. Cancelling the task cancels the call.
  ///
  /// - Parameters:
  ///   - path: `/package.Service/Method`.
  ///   - timeout: for all of it, told to the server as well; nil for none.
  ///   - compression: of the message. The response may be compressed in any case.
  public func unary(
    _ path: String, _ message: ByteBuffer, metadata: GRPCMetadata = GRPCMetadata(), timeout: Duration? = nil,
    compression: GRPCEncoding = .identity
  ) async throws(GRPCStatus) -> GRPCResponse {
    let frame = try GRPCFrameWriter.frame(message, compression)
    let begun = try call(path, metadata, timeout, compression)
    // Message and end go with the head: one visit to the event loop.
    http.eventLoop.execute { begun.begin(with: frame) }
    let call = GRPCCall(begun, compression)
    let (response, initialMetadata) = try await Self.single(call)
    let (status, trailingMetadata) = await call.end()
    guard status.code == .ok else { throw status }
    guard let response else { throw GRPCStatus(.unimplemented, "\(path) did not answer with exactly one message") }
    return GRPCResponse(response, initialMetadata: initialMetadata, trailingMetadata: trailingMetadata)
  }

  /// The one message of the response; nil when there are none or several.
  private static func single(_ call: GRPCCall) async throws(GRPCStatus) -> (ByteBuffer?, GRPCMetadata) {
    var messages = call.messages.makeAsyncIterator()
    let first = try await messages.next()
    let initialMetadata = try await call.initialMetadata()
    guard first != nil, try await messages.next() != nil else { return (first, initialMetadata) }
    call.cancel()
    throw GRPCStatus(.unimplemented, "the method answered with more than one message")
  }

  /// Any number of messages either way. Returns at once; whatever goes wrong is thrown by the call.
  ///
  /// - Parameters:
  ///   - path: `/package.Service/Method`.
  ///   - timeout: for all of it, told to the server as well; nil for none.
  ///   - compression: of the messages sent.
  /// - Throws: INVALID_ARGUMENT for a path that is none, FAILED_PRECONDITION when the client speaks HTTP/1.1.
  public func stream(
    _ path: String, metadata: GRPCMetadata = GRPCMetadata(), timeout: Duration? = nil,
    compression: GRPCEncoding = .identity
  ) async throws(GRPCStatus) -> GRPCCall {
    let call = try call(path, metadata, timeout, compression)
    http.eventLoop.execute { call.begin() }
    return GRPCCall(call, compression)
  }

  private func call(
    _ path: String, _ metadata: GRPCMetadata, _ timeout: Duration?, _ compression: GRPCEncoding
  ) throws(GRPCStatus) -> GRPCClientCall {
    guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
      throw GRPCStatus(.invalidArgument, "\(path) is no path of a method: /package.Service/Method")
    }
    guard case .http2 = http.configuration.version else {
      throw GRPCStatus(.failedPrecondition, "gRPC needs HTTP/2; configure the client with version .http2")
    }
    return GRPCClientCall(http, configuration, request(path, metadata, compression), timeout)
  }

  private func request(_ path: String, _ metadata: GRPCMetadata, _ compression: GRPCEncoding) -> HTTPRequest {
    var fields: HTTPFields = [
      .trailersAccepted: "trailers", .contentType: GRPCContentType.plain, .userAgent: configuration.userAgent,
      .grpcAcceptEncoding: GRPCEncoding.accepted,
    ]
    if compression != .identity { fields[.grpcEncoding] = compression.rawValue }
    metadata.append(to: &fields)
    return HTTPRequest(
      method: .post, scheme: http.configuration.tls == nil ? "http" : "https", authority: authority, path: path,
      headerFields: fields)
  }
}
