// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// The messages of a stream as they come, for one task. The other end is held up while too many wait. Iteration throws the
/// ``GRPCStatus`` that ended the stream before its time.
public struct GRPCMessages: AsyncSequence, Sendable {
  public typealias Element = ByteBuffer

  let queue: GRPCMessageQueue

  public struct AsyncIterator: AsyncIteratorProtocol {
    let queue: GRPCMessageQueue

    public mutating func next() async throws(GRPCStatus) -> ByteBuffer? { try await queue.next() }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(GRPCStatus) -> ByteBuffer? {
      try await queue.next()
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(queue: queue) }
}
