// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

@testable import Testbed

@Suite struct WorkQueueTests {
  private func queue(
    _ discipline: EndpointGroup.Discipline, cores: Double = 1, speed: Double = 1
  ) -> WorkQueue {
    var group = EndpointGroup(name: "a")
    group.discipline = discipline
    group.cores = cores
    group.speed = speed
    return WorkQueue(group, now: 0)
  }

  @Test func twoCoresServeTwoAndTheThirdWaits() {
    var queue = queue(.fifo, cores: 2)
    for id in 1...3 { queue.add(id, work: 100) }
    #expect(queue.nextEnd == 100)
    #expect(queue.advance(to: 199) == [1, 2])
    #expect(queue.nextEnd == 200)
    #expect(queue.advance(to: 200) == [3])
    #expect(queue.busy == 300)
  }

  @Test func aLateLookDoesNotDelayTheNextInTurn() {
    var queue = queue(.fifo)
    for id in 1...3 { queue.add(id, work: 100) }
    #expect(queue.advance(to: 250) == [1, 2])
    #expect(queue.nextEnd == 300)
  }

  @Test func halfTheSpeedTakesTwiceAsLong() {
    var queue = queue(.fifo, speed: 0.5)
    queue.add(1, work: 100)
    #expect(queue.nextEnd == 200)
  }

  @Test func whatIsUnderWayGoesOnAtTheNewSpeed() {
    var queue = queue(.fifo)
    queue.add(1, work: 100)
    #expect(queue.advance(to: 50) == [])
    queue.change(cores: 1, speed: 0)
    #expect(queue.nextEnd == nil)
    #expect(queue.advance(to: 1000) == [])
    queue.change(cores: 1, speed: 0.25)
    #expect(queue.nextEnd == 1200)
  }

  @Test func coresAreShared() {
    var queue = queue(.processorSharing, cores: 1)
    queue.add(1, work: 100)
    queue.add(2, work: 50)
    // Both at half the speed until 100; then the first alone has 50 left.
    #expect(queue.advance(to: 100) == [2])
    #expect(queue.nextEnd == 150)
  }

  @Test func nobodyHasMoreThanOneCore() {
    var queue = queue(.processorSharing, cores: 4)
    queue.add(1, work: 100)
    #expect(queue.nextEnd == 100)
  }

  @Test func delaysDoNotWait() {
    var queue = queue(.delay)
    for id in 1...5 { queue.add(id, work: 100) }
    #expect(queue.advance(to: 100) == [1, 2, 3, 4, 5])
  }
}
