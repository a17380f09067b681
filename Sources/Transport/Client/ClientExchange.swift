// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import NIOCore

/// A request that is being sent while its response is being received: what streaming calls are made of.
///
/// Sending and receiving may be done by different tasks; each side by one task at a time. When the last reference goes
/// before the exchange is over, the exchange is given up (RST_STREAM with CANCEL; HTTP/1.1 closes its connection).
public final class ClientExchange: Sendable {
  private let state: ClientExchangeState

  init(_ state: ClientExchangeState) { self.state = state }

  deinit { state.abandon() }

  /// Sends a part of the request's body. Waits while the other end or the network takes no more.
  ///
  /// - Throws: why the exchange is over. A response that is complete ends it too (`reset(.noError)`): `response()` then
  ///   still answers.
  public func send(_ body: ByteBuffer) async throws(TransportError) {
    try await state.send(body)
  }

  /// Completes the request. Nothing is sent when the exchange is over already.
  public func finish(trailers: HTTPFields? = nil) {
    state.finish(trailers)
  }

  /// The response's head, once it has come; the same one each time.
  public func response() async throws(TransportError) -> HTTPResponse {
    try await state.response()
  }

  /// The response's body.
  public var body: ResponseBody { ResponseBody(state: state) }

  /// What came after the body; empty when nothing did. Waits for the end of the body, which has to be read for that.
  public func trailers() async throws(TransportError) -> HTTPFields {
    try await state.trailers()
  }

  /// Gives the exchange up. Everything that waits for it fails with `cancelled`.
  public func cancel() {
    state.fail(TransportError(.cancelled, "the request was cancelled"), resets: true)
  }
}
