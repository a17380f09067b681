// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testbed
import Testing

@testable import Policy

@Suite struct HoldOffTests {
  static let nanosecondsPerSecond: UInt64 = 1_000_000_000
  static let panic = SWERVE_REASON_PANIC.rawValue
  static let none = SWERVE_REASON_NONE.rawValue

  @Test(arguments: [0, 1, 2] as [UInt32]) func fewFailuresDoNotHoldOff(failures: UInt32) {
    var selection = Selection(.roundRobin, count: 1)
    selection.fail(0, failures: failures)
    #expect(selection.select() == Selection.Answer(endpoint: 0, reason: Self.none, mayTake: true))
  }

  /// Doubled with every failure after the third, 32 s at most, over exactly when the time is.
  @Test(arguments: [(3, 1), (4, 2), (5, 4), (6, 8), (7, 16), (8, 32), (9, 32), (1000, 32), (.max, 32)])
  func holdOffLastsExactlyItsTime(failures: UInt32, seconds: UInt64) {
    var selection = Selection(.roundRobin, count: 1)
    selection.fail(0, failures: failures, agoNanoseconds: seconds * Self.nanosecondsPerSecond - 1)
    #expect(selection.select() == Selection.Answer(endpoint: 0, reason: Self.panic, mayTake: false))
    selection.fail(0, failures: failures, agoNanoseconds: seconds * Self.nanosecondsPerSecond)
    #expect(selection.select() == Selection.Answer(endpoint: 0, reason: Self.none, mayTake: true))
  }

  @Test(arguments: [0, 1, 1 << 49] as [UInt64]) func failureInTheFutureIsAsFreshAsCanBe(aheadNanoseconds: UInt64) {
    var selection = Selection(.roundRobin, count: 1)
    selection[0].consecutive_failures = 3
    selection[0].last_failure_ns = Selection.now + aheadNanoseconds
    #expect(selection.select() == Selection.Answer(endpoint: 0, reason: Self.panic, mayTake: false))
  }

  @Test(arguments: LoadBalancer.allCases) func whenAllAreHeldOffTheFirstDrawnIsOfferedAllTheSame(
    loadBalancer: LoadBalancer
  ) throws {
    var random = SeededGenerator(state: 14)
    for count in 1...9 {
      let healthy = Selection(loadBalancer, count: count)
      var selection = healthy
      for endpoint in 0..<count { selection.fail(endpoint) }
      for _ in 0..<200 {
        var replay = random
        let answer = selection.select(&random)
        try #require(answer.reason == Self.panic && !answer.mayTake && answer.endpoint < count)
        // Of equal candidates the first drawn wins when all are healthy, too.
        try #require(answer.endpoint == healthy.select(&replay).endpoint)
      }
    }
  }

  @Test(arguments: 2...6, LoadBalancer.allCases)
  func lastHealthyEndpointOfASmallSetIsAlwaysFound(count: Int, loadBalancer: LoadBalancer) {
    var random = SeededGenerator(state: 15)
    let equal = Selection(loadBalancer, count: count)
    let weighted = Selection(loadBalancer, weights: (1...count).map { UInt16($0 * $0) })
    let situations = [equal, weighted].flatMap { base in
      (0..<count).map { healthy in
        var selection = base
        for endpoint in 0..<count where endpoint != healthy { selection.fail(endpoint) }
        return (selection, Selection.Answer(endpoint: UInt32(healthy), reason: Self.none, mayTake: true))
      }
    }
    var missed = 0
    for number in 0..<10_000 {
      let (selection, expected) = situations[number % situations.count]
      if selection.select(&random) != expected { missed += 1 }
    }
    #expect(missed == 0)
  }

  @Test(arguments: 4...8) func shareOfAHeldOffEndpointSpreadsOverAllOthers(count: Int) throws {
    for failing in 0..<count {
      var selection = Selection(.roundRobin, count: count)
      selection.fail(failing)
      var turns = [Double](repeating: 0, count: count)
      for sequence in 0..<UInt32(count * 500) { turns[Int(selection.select(sequence: sequence).endpoint)] += 1 }
      let mean = Double(count * 500) / Double(count - 1)
      try #require(turns[failing] == 0)
      try #require(turns.allSatisfy { $0 <= 1.2 * mean }, "endpoint \(failing) of \(count) fails: \(turns)")
    }
  }

  @Test(arguments: [LoadBalancer.leastRequest, .peakEWMA])
  func idleEndpointThatFailsIsNotPreferredToABusyHealthyOne(loadBalancer: LoadBalancer) {
    var random = SeededGenerator(state: 16)
    var selection = Selection(loadBalancer, count: 2)
    selection[1].active = 1000
    selection.fail(0)
    #expect((0..<1000).allSatisfy { _ in selection.select(&random).endpoint == 1 })
  }
}
