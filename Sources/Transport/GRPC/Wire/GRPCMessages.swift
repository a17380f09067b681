// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// The messages of a stream as they come, for one task. The other end is held up while too many wait. Iteration throws the
/// ``GRPCStatus`` that ended the stream before its time.
public struct GRPCMessages: AsyncSequence, Sendable {
  public typealias Element = ByteBuffer

  let queue: GRPCMessageQueue
  /// Kept alive by the sequence and its iterators: a client's call ends with its last reference.
  var owner: GRPCCall?

  public struct AsyncIterator: AsyncIteratorProtocol {
    let queue: GRPCMessageQueue
    let owner: GRPCCall?

    public mutating func next() async throws(GRPCStatus) -> ByteBuffer? { try await queue.next() }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(GRPCStatus) -> ByteBuffer? {
      try await queue.next()
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(queue: queue, owner: owner) }
}
