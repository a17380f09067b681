// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

/// The queues against a sorted array.
@Suite struct EventOrderTests {
  @Test func timersComeInOrderWhateverIsDoneToThem() {
    var random = Random(seed: 3)
    let heap = TimerHeap(count: 60)
    var model = [UInt64?](repeating: nil, count: 60)
    for _ in 0..<50_000 {
      let timer = random.below(60)
      if random.below(4) == 0 {
        heap.cancel(timer)
        model[timer] = nil
      } else {
        let time = UInt64(random.below(1_000))
        heap.set(timer, at: time)
        model[timer] = time
      }
      let earliest = model.compactMap { $0 }.min()
      // Of equal times the lowest number.
      let expected = earliest.flatMap { time in model.firstIndex { $0 == time } } ?? -1
      #expect(heap.next == expected)
    }
  }

  @Test func messagesComeInOrderAndFirstComeFirst() {
    var random = Random(seed: 4)
    var queue = MessageQueue()
    defer { queue.release() }
    var model: [(time: UInt64, number: UInt32)] = []
    var number: UInt32 = 0
    for _ in 0..<20_000 {
      if random.below(5) < 3 {
        let time = UInt64(random.below(500))
        queue.push(Message(time: time, subject: number, detail: 0))
        model.insert((time, number), at: model.firstIndex { $0.time > time } ?? model.count)
        number += 1
      } else if let first = model.first {
        #expect(queue.nextTime == first.time)
        #expect(queue.first.time == first.time)
        let message = queue.pop()
        #expect(message.time == first.time)
        model.remove(at: model.firstIndex { $0.number == message.subject } ?? 0)
      }
      #expect(queue.isEmpty == model.isEmpty)
    }
  }

  @Test func messagesWithOneDelayKeepTheirOrder() {
    var queue = MessageQueue()
    defer { queue.release() }
    for number in 0..<1_000 { queue.push(Message(time: UInt64(number / 3), subject: UInt32(number), detail: 0)) }
    for number in 0..<1_000 { #expect(queue.pop().subject == UInt32(number)) }
    #expect(queue.nextTime == .max)
  }
}
