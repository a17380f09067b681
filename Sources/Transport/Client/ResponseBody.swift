// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// A response's body, part by part. What is not asked for is not read from the connection, beyond the window.
///
/// For one reader: a second iterator continues where the first has stopped.
public struct ResponseBody: AsyncSequence, Sendable {
  public typealias Element = ByteBuffer
  public typealias Failure = TransportError

  let state: ClientExchangeState

  public struct AsyncIterator: AsyncIteratorProtocol {
    let state: ClientExchangeState

    /// The next part; nil at the end. Cancelling the task gives the exchange up.
    public mutating func next(
      isolation actor: isolated (any Actor)? = #isolation
    ) async throws(TransportError) -> ByteBuffer? {
      try await state.nextPart()
    }

    public mutating func next() async throws(TransportError) -> ByteBuffer? {
      try await state.nextPart()
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(state: state) }
}
