// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing
import Transport

@testable import Telemetry

@Suite struct MemoryQueueTests {
  @Test func requestsComeOutInOrderAndOnce() throws {
    let queue = MemoryQueue(capacity: 10)
    for number in 0..<5 { try queue.add(.numbered(number)) }
    #expect(queue.takeNumbers() == [0, 1, 2, 3, 4])
    #expect(queue.takeNumbers() == [])
  }

  @Test func roomIsCountedInTheSizersUnitAndFreeOnlyAfterTheAcknowledgement() throws {
    for (sizer, capacity) in [(QueueSizer.requests, 2), (.items, 20), (.bytes, 16)] {
      let queue = MemoryQueue(sizer, capacity: capacity)
      let request = EncodedRequest.numbered(1, bytes: 8, items: 10)
      try queue.add(request)
      try queue.reserve(request)
      #expect(refusal { () throws(Refusal) in try queue.reserve(request) } == .overloaded(retryAfter: .seconds(1)))
      queue.cancel(request)
      try queue.add(request)
      let taken = queue.takeAll()
      #expect(refusal { () throws(Refusal) in try queue.reserve(request) } == .overloaded(retryAfter: .seconds(1)))
      queue.acknowledge(taken[0])
      try queue.reserve(request)
      #expect(queue.counts.refusedFull == 2)
      #expect(queue.counts.accepted == 2)
    }
  }

  /// Two queues of one process.
  @Test func queuesShareTheirMemory() throws {
    let budget = MemoryBudget(bytesMax: 100)
    let queues = [MemoryQueue(capacity: 10, budget: budget), MemoryQueue(capacity: 10, budget: budget)]
    let request = EncodedRequest.numbered(1, bytes: 40)
    try queues[0].add(request)
    try queues[1].reserve(request)
    #expect(refusal { () throws(Refusal) in try queues[0].reserve(request) } == .overloaded(retryAfter: .seconds(1)))
    #expect(queues[0].counts.refusedFull == 1 && queues[0].counts.size == 1)
    queues[1].cancel(request)
    try queues[0].add(request)
    for taken in queues[0].takeAll() { queues[0].acknowledge(taken) }
    #expect(budget.reservedBytes == 0)
    try queues[1].add(request)
    _ = queues[1].shutdown()
    #expect(budget.reservedBytes == 0)
  }

  @Test func aPartOfALargeBufferDoesNotKeepAllOfIt() throws {
    let read = ByteBuffer(repeating: 7, count: 64 << 10)
    let part = try #require(read.getSlice(at: 0, length: 10_000))
    let queue = MemoryQueue(capacity: 10)
    try queue.add(EncodedRequest(signal: .metrics, protobuf: part, itemCount: 1))
    let kept = try #require(queue.takeAll().first?.first?.request.protobuf)
    #expect(kept == part && kept.storageCapacity <= 16_384)
  }

  @Test func whatIsLargerThanTheQueueIsNotWorthAnotherAttempt() {
    let queue = MemoryQueue(.items, capacity: 10)
    #expect(refusal { () throws(Refusal) in try queue.reserve(.numbered(1, items: 11)) } == .tooLarge)
    #expect(queue.counts.refusedTooLarge == 1)
  }

  @Test func aClosedQueueRefusesAndGivesOutWhatItHas() throws {
    let queue = MemoryQueue(capacity: 10)
    try queue.add(.numbered(1))
    try queue.reserve(.numbered(2))
    queue.close()
    #expect(refusal { () throws(Refusal) in try queue.reserve(.numbered(3)) } == .unavailable)
    // Room was kept before.
    try queue.commit(.numbered(2))
    #expect(queue.takeNumbers() == [1, 2])
    guard case .finished = queue.take(nil) else { Issue.record("not finished"); return }
  }

  @Test func whatIsLeftAtTheEndIsCountedAsLost() throws {
    let queue = MemoryQueue(capacity: 10)
    for number in 0..<3 { try queue.add(.numbered(number, items: 5)) }
    guard case .batch(let first) = queue.take(nil), case .batch = queue.take(nil) else { return }
    queue.acknowledge(first)
    // One is being sent, one waits.
    #expect(queue.shutdown() == QueueRemainder(requestCount: 2, itemCount: 10, isKept: false))
  }

  @Test func nothingIsTakenIntoAQueueThatHasEnded() throws {
    let queue = MemoryQueue(capacity: 10)
    try queue.reserve(.numbered(1))
    _ = queue.shutdown()
    #expect(refusal { () throws(Refusal) in try queue.commit(.numbered(1)) } == .unavailable)
    #expect(queue.counts.size == 0)
  }

  @Test func consumersSleepUntilThereIsSomething() async throws {
    let queue = MemoryQueue(capacity: 1_000)
    let taken = await withTaskGroup(of: [Int].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var numbers: [Int] = []
          while let batch = await queue.next(nil) {
            numbers += batch.compactMap(\.request.number)
            queue.acknowledge(batch)
          }
          return numbers
        }
      }
      for number in 0..<500 {
        #expect(refusal { () throws(Refusal) in try queue.add(.numbered(number)) } == nil)
        if number % 50 == 0 { await Task.yield() }
      }
      queue.close()
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(taken.sorted() == Array(0..<500))
  }

  @Test func aCancelledConsumerWakesUp() async {
    let queue = MemoryQueue(capacity: 10)
    let consumer = Task { await queue.next(nil) }
    await Task.yield()
    consumer.cancel()
    #expect(await consumer.value == nil)
  }
}
