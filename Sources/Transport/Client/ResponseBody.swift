// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// A response's body, part by part. What is not asked for is not read from the connection, beyond the window.
///
/// For one reader: a second iterator continues where the first has stopped.
public struct ResponseBody: AsyncSequence, Sendable {
  public typealias Element = ByteBuffer
  public typealias Failure = TransportError

  /// Kept, so that reading the body alone does not give the exchange up.
  let exchange: ClientExchange

  public struct AsyncIterator: AsyncIteratorProtocol {
    let exchange: ClientExchange

    /// The next part; nil at the end. Cancelling the task gives the exchange up.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(TransportError) -> ByteBuffer? {
      try await exchange.state.nextPart()
    }

    public mutating func next() async throws(TransportError) -> ByteBuffer? {
      try await exchange.state.nextPart()
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(exchange: exchange) }
}
