// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct EnvoyOutlierDetectionTests {
  private final class Transitions {
    var all: [String] = []
  }

  private func driver(_ endpoints: Int) -> (Driver<EnvoyOutlierDetection>, Transitions) {
    let driver = Driver(endpoints: endpoints) {
      EnvoyOutlierDetection(RoundRobinSelector(services: $0), services: $0)
    }
    let transitions = Transitions()
    driver.selector.onTransition = { node, endpoint, isEjected, now in
      transitions.all.append("\(now / second) s \(node)/\(endpoint) \(isEjected ? "out" : "in")")
    }
    _ = driver.select()
    return (driver, transitions)
  }

  private func fail(
    _ driver: Driver<EnvoyOutlierDetection>, _ endpoint: Int, times: Int = 5, status: Int = 503, at now: UInt64 = 0
  ) {
    for _ in 0..<times { driver.finished(endpoint, status: status, now: now) }
  }

  private func sweep(_ driver: Driver<EnvoyOutlierDetection>, until seconds: UInt64, from: UInt64 = 10) {
    for time in stride(from: from, through: seconds, by: 10) { _ = driver.select(now: time * second) }
  }

  @Test func fiveFailuresInARowEject() {
    let (driver, transitions) = driver(10)
    fail(driver, 3, times: 4)
    driver.finished(3, status: 404)
    fail(driver, 3, times: 4)
    #expect(!driver.selector.isEjected(node: 0, endpoint: 3))
    // A missing response counts too.
    driver.finished(3, status: 0, now: second)
    #expect(driver.selector.isEjected(node: 0, endpoint: 3))
    #expect(transitions.all == ["1 s 0/3 out"])
    #expect(!(0..<30).contains { _ in driver.select() == 3 })
    #expect(driver.selector.ejects)
  }

  @Test func anEjectionEndsWithTheFirstSweepAfterItsTime() {
    let (driver, transitions) = driver(10)
    fail(driver, 3, at: second)
    // 30 s from 1 s on are over at the sweep at 40 s, not at 30 s.
    sweep(driver, until: 30)
    #expect(driver.selector.isEjected(node: 0, endpoint: 3))
    sweep(driver, until: 40, from: 40)
    #expect(transitions.all == ["1 s 0/3 out", "40 s 0/3 in"])
    #expect((0..<30).contains { _ in driver.select() == 3 })
  }

  @Test func aSecondEjectionLastsTwiceAsLong() {
    let (driver, transitions) = driver(10)
    fail(driver, 3, at: second)
    sweep(driver, until: 40)
    fail(driver, 3, at: 41 * second)
    // 60 s from 41 s on: the sweep at 110 s.
    sweep(driver, until: 120, from: 50)
    #expect(transitions.all == ["1 s 0/3 out", "40 s 0/3 in", "41 s 0/3 out", "110 s 0/3 in"])
  }

  @Test func healthySweepsTakeEjectionsOffTheCount() {
    let (driver, transitions) = driver(10)
    fail(driver, 3, at: second)
    // In again at 40 s; the sweep at 50 s takes the count from 1 to 0.
    sweep(driver, until: 50)
    fail(driver, 3, at: 51 * second)
    // 30 s again: 90 s.
    sweep(driver, until: 90, from: 60)
    #expect(transitions.all.suffix(2) == ["51 s 0/3 out", "90 s 0/3 in"])
  }

  @Test func atMostATenthIsEjected() {
    let (driver, transitions) = driver(20)
    for endpoint in [4, 7, 9] { fail(driver, endpoint) }
    // Two of 20; the third would be 15 %.
    #expect(transitions.all == ["0 s 0/4 out", "0 s 0/7 out"])
    // Its count began anew.
    sweep(driver, until: 30)
    fail(driver, 9, times: 4, at: 31 * second)
    #expect(!driver.selector.isEjected(node: 0, endpoint: 9))
    fail(driver, 9, times: 1, at: 31 * second)
    #expect(driver.selector.isEjected(node: 0, endpoint: 9))
  }

  @Test func oneIsEjectedOfAnyNumber() {
    let (driver, transitions) = driver(3)
    fail(driver, 0)
    fail(driver, 1)
    #expect(transitions.all == ["0 s 0/0 out"])
    #expect(Set((0..<9).map { _ in driver.select() }) == [1, 2])
  }

  @Test func whenFewerThanHalfAreLeftAllAreTaken() {
    let (driver, _) = driver(2)
    fail(driver, 0)
    // 1 of 2 is half.
    #expect(Set((0..<9).map { _ in driver.select() }) == [1])
    // Of this request's candidates none is healthy.
    #expect(driver.select(candidates: [0]) == 0)
  }

  @Test func failuresWhileEjectedAreNotHeldAgainstIt() {
    let (driver, transitions) = driver(10)
    fail(driver, 3, times: 9)
    sweep(driver, until: 30)
    #expect(transitions.all == ["0 s 0/3 out", "30 s 0/3 in"])
    fail(driver, 3, times: 4, at: 31 * second)
    #expect(!driver.selector.isEjected(node: 0, endpoint: 3))
  }

  @Test func nodesEjectForThemselves() {
    let driver = Driver(nodes: 2, endpoints: 10) {
      EnvoyOutlierDetection(RoundRobinSelector(services: $0), services: $0)
    }
    for _ in 0..<5 { driver.finished(2, status: 500, node: 1) }
    #expect(!driver.selector.isEjected(node: 0, endpoint: 2))
    #expect(driver.selector.isEjected(node: 1, endpoint: 2))
  }

  @Test func anEndpointThatLeftMakesRoomForAnother() {
    let (driver, transitions) = driver(10)
    fail(driver, 3)
    driver.selector.left(node: 0, endpoint: 3, now: second)
    #expect(transitions.all == ["0 s 0/3 out", "1 s 0/3 in"])
    fail(driver, 4, at: second)
    #expect(driver.selector.isEjected(node: 0, endpoint: 4))
  }

  @Test func whatTheClientAbandonsCountsNeitherWay() {
    let (driver, _) = driver(10)
    fail(driver, 3, times: 4)
    let abandoned = SelectorResult(status: 0, latency: second, isAbandoned: true)
    for _ in 0..<9 { driver.selector.finished(node: 0, endpoint: 3, result: abandoned, now: 0) }
    #expect(!driver.selector.isEjected(node: 0, endpoint: 3))
    fail(driver, 3, times: 1)
    #expect(driver.selector.isEjected(node: 0, endpoint: 3))
  }

  @Test func ticksEndEjectionsOfNodesWithoutRequests() {
    let (driver, transitions) = driver(10)
    // The node's clock is an hour ahead of the ticks'; its sweeps are at 10, 20, ... s after its first request.
    let ahead = 3600 * second
    _ = driver.select(now: ahead)
    fail(driver, 3, at: ahead + second / 2)
    for tick in UInt64(1)...40 { driver.selector.tick(now: tick * second) }
    #expect(driver.selector.isEjected(node: 0, endpoint: 3))
    // It was 0.5 s at the first tick at the latest: at the 41st it is 40.5 s at least.
    driver.selector.tick(now: 41 * second)
    #expect(transitions.all == ["3600 s 0/3 out", "3640 s 0/3 in"])
  }

  @Test func aClockThatIsSetBackDoesNoHarm() {
    let (driver, _) = driver(10)
    fail(driver, 3, at: 100 * second)
    _ = driver.select(now: 20 * second)
    #expect(driver.selector.isEjected(node: 0, endpoint: 3))
    sweep(driver, until: 140, from: 30)
    #expect(!driver.selector.isEjected(node: 0, endpoint: 3))
  }

  @Test func bothTicksAreServed() {
    let driver = Driver(endpoints: 2) { EnvoyOutlierDetection(YARPSelector(services: $0), services: $0) }
    #expect(driver.selector.needs == SelectorNeeds(probes: true, tick: 500 * millisecond))
    for tick in 1...60 { driver.selector.tick(now: UInt64(tick) * 500 * millisecond) }
    #expect(driver.services.probes.count == 120)
    #expect(self.driver(1).0.selector.needs.tick == second)
  }
}
