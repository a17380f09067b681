// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testbed
import Testing

@testable import Policy

/// What a selection makes of endpoints whose breakers are not closed.
@Suite struct BreakerSelectionTests {
  private static let second = Selection.nanosecondsPerSecond
  private static let panic = SWERVE_REASON_PANIC.rawValue
  private static let none = SWERVE_REASON_NONE.rawValue
  private static let refused = Selection.Answer(
    endpoint: .max, reason: SWERVE_REASON_NO_HEALTHY.rawValue, isProbe: false)
  private static let probeTimeout = UInt64(SWERVE_PROBE_TIMEOUT_MS) * 1_000_000

  @Test(arguments: [0, 1, 2, 1000] as [UInt32]) func failuresAloneDoNotEject(failures: UInt32) {
    var selection = Selection(.roundRobin, count: 1)
    selection[0].consecutive_local = failures
    selection[0].consecutive_5xx = failures
    #expect(selection.select() == Selection.Answer(endpoint: 0, reason: Self.none, isProbe: false))
  }

  @Test(arguments: [1, 2, 4, 8, 16, 32] as [UInt64]) func ejectionLastsExactlyItsTime(seconds: UInt64) {
    var selection = Selection(.roundRobin, count: 1, settings: .panicking(below: 0))
    for time in [seconds * Self.second, Selection.timeStep] {
      selection.eject(0, forNanoseconds: time)
      #expect(selection.select() == Self.refused)
    }
    selection.eject(0, forNanoseconds: 0)
    #expect(selection.select() == Selection.Answer(endpoint: 0, reason: Self.none, isProbe: true))
  }

  @Test func ejectionWithoutAnEndIsNeverOver() {
    var selection = Selection(.roundRobin, count: 1, settings: .panicking(below: 0))
    selection[0].breaker =
      ~UInt64(SWERVE_BREAKER_FLAGS.rawValue) | UInt64(SWERVE_BREAKER_OPEN.rawValue | SWERVE_BREAKER_MANUAL.rawValue)
    #expect(selection.select() == Self.refused)
  }

  @Test func anEndpointThatIsProbedIsLeftAloneUntilTheProbeIsLost() {
    var selection = Selection(.roundRobin, count: 1, settings: .panicking(below: 0))
    for ago in [0, 1, Self.probeTimeout - Selection.timeStep] {
      selection.probe(0, agoNanoseconds: ago)
      #expect(selection.select() == Self.refused)
    }
    selection.probe(0, agoNanoseconds: Self.probeTimeout)
    #expect(selection.select() == Selection.Answer(endpoint: 0, reason: Self.none, isProbe: true))
  }

  @Test(arguments: LoadBalancer.allCases) func whenAllAreEjectedTheFirstDrawnIsOfferedAllTheSame(
    loadBalancer: LoadBalancer
  ) throws {
    var random = SeededGenerator(seed: 14)
    for count in 1...9 {
      let healthy = Selection(loadBalancer, count: count)
      var selection = healthy
      for endpoint in 0..<count { selection.eject(endpoint) }
      for _ in 0..<200 {
        var replay = random
        let answer = selection.select(&random)
        try #require(answer.reason == Self.panic && !answer.isProbe && answer.endpoint < count)
        // Of equal candidates the first drawn wins when all are healthy, too.
        try #require(answer.endpoint == healthy.select(&replay).endpoint)
      }
    }
  }

  @Test(arguments: LoadBalancer.allCases) func whenAllAreEjectedAndNoPanicIsAllowedTheRequestIsRefused(
    loadBalancer: LoadBalancer
  ) throws {
    var random = SeededGenerator(seed: 19)
    for count in [1, 2, 8, 9, 100] {
      var selection = Selection(loadBalancer, count: count, settings: .panicking(below: 0))
      for endpoint in 0..<count { selection.eject(endpoint) }
      for _ in 0..<100 { try #require(selection.select(&random) == Self.refused) }
    }
  }

  /// Panic is for fewer than the threshold, not for as many.
  @Test(arguments: [(50, 2), (51, 1), (100, 0), (0, 4), (25, 3), (26, 2)] as [(UInt32, Int)])
  func panicBeginsBelowTheThreshold(percent: UInt32, mostEjected: Int) {
    var random = SeededGenerator(seed: 20)
    for ejected in 0...4 {
      var selection = Selection(.random, count: 4, settings: .panicking(below: percent))
      for endpoint in 0..<ejected { selection.eject(endpoint) }
      let answers = (0..<200).map { _ in selection.select(&random) }
      let panics = answers.contains { $0.reason == Self.panic }
      #expect(panics == (ejected > mostEjected), "\(ejected) ejected")
      // The healthy ones are selected as always.
      #expect(answers.allSatisfy { ($0.reason == Self.panic) == ($0.endpoint < ejected) || $0 == Self.refused })
    }
  }

  @Test(arguments: 2...6, LoadBalancer.allCases)
  func lastHealthyEndpointOfASmallSetIsAlwaysFound(count: Int, loadBalancer: LoadBalancer) {
    var random = SeededGenerator(seed: 15)
    let equal = Selection(loadBalancer, count: count)
    let weighted = Selection(loadBalancer, weights: (1...count).map { UInt16($0 * $0) })
    let situations = [equal, weighted].flatMap { base in
      (0..<count).map { healthy in
        var selection = base
        for endpoint in 0..<count where endpoint != healthy { selection.eject(endpoint) }
        return (selection, Selection.Answer(endpoint: UInt32(healthy), reason: Self.none, isProbe: false))
      }
    }
    var missed = 0
    for number in 0..<10_000 {
      let (selection, expected) = situations[number % situations.count]
      if selection.select(&random) != expected { missed += 1 }
    }
    #expect(missed == 0)
  }

  @Test(arguments: LoadBalancer.allCases)
  func lastHealthyEndpointOfALargeSetIsAlwaysFoundToo(loadBalancer: LoadBalancer) {
    var random = SeededGenerator(seed: 21)
    var selection = Selection(loadBalancer, count: 500, settings: .panicking(below: 0))
    for endpoint in 0..<500 where endpoint != 321 { selection.eject(endpoint) }
    let expected = Selection.Answer(endpoint: 321, reason: Self.none, isProbe: false)
    #expect((0..<1000).allSatisfy { _ in selection.select(&random) == expected })
  }

  @Test(arguments: 4...8) func shareOfAnEjectedEndpointSpreadsOverAllOthers(count: Int) throws {
    for failing in 0..<count {
      var selection = Selection(.roundRobin, count: count)
      selection.eject(failing)
      var turns = [Double](repeating: 0, count: count)
      for sequence in 0..<UInt32(count * 500) { turns[Int(selection.select(sequence: sequence).endpoint)] += 1 }
      let mean = Double(count * 500) / Double(count - 1)
      try #require(turns[failing] == 0)
      try #require(turns.allSatisfy { $0 <= 1.2 * mean }, "endpoint \(failing) of \(count) fails: \(turns)")
    }
  }

  @Test(arguments: [LoadBalancer.leastRequest, .peakEWMA])
  func idleEndpointThatIsEjectedIsNotPreferredToABusyHealthyOne(loadBalancer: LoadBalancer) {
    var random = SeededGenerator(seed: 16)
    var selection = Selection(loadBalancer, count: 2)
    selection[1].active = 1000
    selection.eject(0)
    #expect((0..<1000).allSatisfy { _ in selection.select(&random).endpoint == 1 })
  }

  /// Envoy's slow start: linear, from 10 percent. Of two endpoints the one that warms up with share s is drawn first in half
  /// of the decisions and taken in s of those; else the second draw falls on it in half, and takes it in s of those; the
  /// third is the other one. Together s/2 + (1 - s)s/4.
  @Test(arguments: [(0, 0.1), (10, 0.1), (25, 0.25), (50, 0.5), (75, 0.75), (99, 0.9375), (100, 1), (1000, 1)])
  func shareGrowsWithTheWarmUp(percent: UInt64, share: Double) {
    var settings = TrafficSettings()
    settings.warmup = TrafficSettings.Warmup(durationMilliseconds: 100_000)
    var selection = Selection(.random, count: 2, settings: settings)
    selection.warmUp(0, agoNanoseconds: percent * Self.second)
    let expected = share / 2 + (1 - share) * share / 4
    let measured = selection.shares(decisions: 20_000, seed: 22)[0]
    #expect(abs(measured - expected) < 0.012, "\(measured), not \(expected)")
  }

  @Test(arguments: LoadBalancer.allCases) func anEndpointThatWarmsUpAloneGetsAll(loadBalancer: LoadBalancer) {
    var random = SeededGenerator(seed: 23)
    var settings = TrafficSettings()
    settings.warmup = TrafficSettings.Warmup(durationMilliseconds: 100_000)
    var selection = Selection(loadBalancer, count: 2, settings: settings)
    selection.warmUp(0, agoNanoseconds: 0)
    selection.eject(1)
    let expected = Selection.Answer(endpoint: 0, reason: Self.none, isProbe: false)
    #expect((0..<1000).allSatisfy { _ in selection.select(&random) == expected })
  }
}
