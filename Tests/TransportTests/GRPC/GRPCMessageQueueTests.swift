// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization
import Testing

@testable import Transport

struct GRPCMessageQueueTests {
  private final class Calls: Sendable {
    let resumed = Atomic(0)
    let released = Atomic(0)
    let cancelled = Atomic(0)

    func queue(_ queuedBytesMax: Int) -> GRPCMessageQueue {
      GRPCMessageQueue(
        queuedBytesMax: queuedBytesMax, resume: { self.resumed.add(1, ordering: .relaxed) },
        release: { self.released.add($0, ordering: .relaxed) }, cancel: { self.cancelled.add(1, ordering: .relaxed) })
    }
  }

  @Test func isPausedWhenFullAndResumesOnce() async throws {
    let calls = Calls()
    let queue = calls.queue(1000)
    let message = ByteBuffer(repeating: 1, count: 500 - GRPCMessageQueue.messageOverheadBytes)
    queue.push(message)
    #expect(!queue.pauseIfFull())
    queue.push(message)
    #expect(queue.pauseIfFull())
    #expect(try await queue.next() == message)
    #expect(try await queue.next() == message)
    #expect(calls.resumed.load(ordering: .relaxed) == 1)
    // The first is given back when the second is taken.
    #expect(calls.released.load(ordering: .relaxed) == 500)
  }

  @Test func emptyMessagesFillItToo() {
    let queue = Calls().queue(1000)
    for _ in 0..<15 { queue.push(ByteBuffer()) }
    #expect(!queue.pauseIfFull())
    queue.push(ByteBuffer())
    #expect(queue.pauseIfFull())
  }

  @Test func whatIsQueuedComesBeforeTheEnd() async throws {
    let queue = Calls().queue(1000)
    queue.push(ByteBuffer(string: "last"))
    queue.finish(GRPCStatus(.aborted))
    queue.finish(nil)
    #expect(try await queue.next() == ByteBuffer(string: "last"))
    await #expect(throws: GRPCStatus(.aborted)) { try await queue.next() }
    await #expect(throws: GRPCStatus(.aborted)) { try await queue.next() }
  }

  @Test func aCallGivenUpAfterItsLastMessageIsNotMistakenForACompleteOne() async throws {
    let calls = Calls()
    let queue = calls.queue(1000)
    queue.push(ByteBuffer(string: "last"))
    queue.finish(nil)
    queue.finish(GRPCStatus(.cancelled), dropsQueued: true)
    await #expect(throws: GRPCStatus(.cancelled)) { try await queue.next() }
    #expect(calls.released.load(ordering: .relaxed) == 4 + GRPCMessageQueue.messageOverheadBytes)
  }

  @Test func cancellingTheTaskEndsItsWait() async throws {
    let calls = Calls()
    let queue = calls.queue(1000)
    let task = Task { try await queue.next() }
    try await Task.sleep(for: .milliseconds(10))
    task.cancel()
    await #expect { try await task.value } throws: { ($0 as? GRPCStatus)?.code == .cancelled }
    #expect(calls.cancelled.load(ordering: .relaxed) == 1)
  }

  @Test func manyMessagesArriveInOrderWhoeverIsFaster() async throws {
    let queue = Calls().queue(1000)
    let count = 20_000
    let pushing = Task.detached {
      for index in 0..<count { queue.push(ByteBuffer(integer: index)) }
      queue.finish(nil)
    }
    var next = 0
    while let message = try await queue.next() {
      #expect(message.getInteger(at: 0, as: Int.self) == next)
      next += 1
    }
    #expect(next == count)
    await pushing.value
  }
}
