// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization

/// A request whose body is there and a response that is collected: no task takes part until its end.
///
/// For the event loop only, but for `run`; the continuation is resumed exactly once, at the end or the failure.
final class WholeExchange: ExchangeReceiver {
  private let body: ByteBuffer?
  private let responseBytesMax: Int
  private var continuation: CheckedContinuation<Result<WholeResponse, TransportError>, Never>?
  private var sender: (any BodySender)?
  private var response: WholeResponse?

  private init(
    _ body: ByteBuffer?, _ responseBytesMax: Int,
    _ continuation: CheckedContinuation<Result<WholeResponse, TransportError>, Never>
  ) {
    self.body = body
    self.responseBytesMax = responseBytesMax
    self.continuation = continuation
  }

  /// Sends and collects. Cancelling the task gives the exchange up.
  static func run(
    _ request: HTTPRequest, body: ByteBuffer?, responseBytesMax: Int, deadline: NIODeadline, on client: HTTPClient
  ) async throws(TransportError) -> WholeResponse {
    var request = request
    if let body, request.headerFields[.contentLength] == nil {
      request.headerFields[.contentLength] = String(body.readableBytes)
    }
    let complete = request
    let handle = Mutex<(request: RequestHandle?, isCancelled: Bool)>((nil, false))
    let result: Result<WholeResponse, TransportError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let entry = client.begin(complete, endsHere: body == nil, deadline: deadline) { _ in
          WholeExchange(body, responseBytesMax, continuation)
        }
        let isCancelled = handle.withLock { handle in
          handle.request = entry
          return handle.isCancelled
        }
        if isCancelled { entry.cancel() }
      }
    } onCancel: {
      let entry = handle.withLock { handle in
        handle.isCancelled = true
        return handle.request
      }
      entry?.cancel()
    }
    return try result.get()
  }

  func begun(_ sender: any BodySender) {
    self.sender = sender
    guard let body else { return }
    sender.send(body: body)
    sender.sendEnd(trailers: nil)
  }

  func receive(head: HTTPResponse) {
    response = WholeResponse(head: head)
  }

  func receive(body: ByteBuffer) {
    var body = body
    let count = body.readableBytes
    guard let size = response?.body.readableBytes else { return }
    guard size + count <= responseBytesMax else {
      let sender = sender
      fail(TransportError(.limitExceeded, "the response is longer than \(responseBytesMax) bytes"))
      sender?.reset(.cancel)
      return
    }
    if size == 0 { response?.body = body } else { response?.body.writeBuffer(&body) }
    sender?.consumed(count)
  }

  func receiveEnd(trailers: HTTPFields?) {
    guard var response else { return }
    response.trailers = trailers
    end(.success(response))
  }

  func fail(_ error: TransportError) {
    end(.failure(error))
  }

  private func end(_ result: Result<WholeResponse, TransportError>) {
    let continuation = continuation
    self.continuation = nil
    sender = nil
    continuation?.resume(returning: result)
  }
}
