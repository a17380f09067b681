// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import Transport

/// The small parts: budgets and queues.
@Suite struct HTTP2PartsTests {
  private func time(_ milliseconds: Int64) -> NIODeadline { .uptimeNanoseconds(1) + .milliseconds(milliseconds) }

  @Test func aBudgetAllowsItsBurstAndThenItsRate() {
    var budget = FrameBudget(FrameRate(burst: 3, perSecond: 10))
    let atOnce = (0..<5).map { _ in budget.spend(now: time(0)) }
    #expect(atOnce == [true, true, true, false, false])
    let later = [50, 100, 101, 200, 10_000, 10_000, 10_000, 10_000].map { budget.spend(now: time($0)) }
    #expect(later == [false, true, false, true, true, true, true, false])
  }

  @Test func whatIsEarnedComesOnTop() {
    var budget = FrameBudget(FrameRate(burst: 1, perSecond: 0))
    budget.earn(2)
    let spent = (0..<4).map { _ in budget.spend(now: time(0)) }
    #expect(spent == [true, true, true, false])
  }

  @Test func aQueueGivesBackWhatItWasGiven() {
    var queue = BodyQueue()
    var expected = ByteBuffer()
    var taken = ByteBuffer()
    for index in 0..<500 {
      let part = ByteBuffer(repeating: UInt8(truncatingIfNeeded: index), count: index % 7 == 0 ? 5000 : index % 100)
      expected.writeImmutableBuffer(part)
      queue.append(part)
      queue.take(index * 3) { taken.writeImmutableBuffer($0) }
      #expect(queue.byteCount == expected.readableBytes - taken.readableBytes)
    }
    queue.take(queue.byteCount) { taken.writeImmutableBuffer($0) }
    #expect(queue.byteCount == 0)
    #expect(taken == expected)
    queue.take(10) { _ in Issue.record("nothing is left") }
  }

  @Test func everyRefusalHasANameAndACountOfItsOwn() {
    let statistics = HTTP2Statistics()
    for (index, refusal) in HTTP2Refusal.allCases.enumerated() {
      for _ in 0...index { statistics.refused(refusal) }
    }
    #expect(HTTP2Refusal.allCases.map { statistics.count(of: $0) } == HTTP2Refusal.allCases.indices.map { $0 + 1 })
    #expect(Set(HTTP2Refusal.allCases.map(\.rawValue)).count == HTTP2Refusal.allCases.count)
  }
}
