// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testbed
import Testing

@testable import Policy

/// When standby endpoints are drawn: Envoy's priorities with its overprovisioning factor of 1.4.
@Suite struct StandbySelectionTests {
  /// Ten endpoints, then five standbys.
  private func selection(_ loadBalancer: LoadBalancer, ejected: Int) -> Selection {
    var members = Members.equal(15)
    for index in 10..<15 { members[index].isStandby = true }
    var selection = Selection(loadBalancer, members, settings: .panicking(below: 0))
    for endpoint in 0..<ejected { selection.eject(endpoint) }
    return selection
  }

  private func standbyShare(_ selection: Selection, decisions: Int = 10_000) -> Double {
    selection.shares(decisions: decisions, seed: 24)[10...].reduce(0, +)
  }

  /// 1.4 times the healthy share is 1.4, 1.26, 1.12: the standbys are not needed.
  @Test(arguments: 0...2, LoadBalancer.allCases)
  func standbysAreIdleWhileTheOthersCoverAll(ejected: Int, loadBalancer: LoadBalancer) {
    #expect(standbyShare(selection(loadBalancer, ejected: ejected)) == 0)
  }

  /// Seven healthy of ten cover 0.98, six 0.84, and so on: the rest is the standbys'.
  @Test(arguments: [(3, 0.02), (4, 0.16), (5, 0.3), (6, 0.44), (7, 0.58), (8, 0.72), (9, 0.86)], LoadBalancer.allCases)
  func standbysTakeWhatTheHealthyOnesDoNotCover(situation: (ejected: Int, share: Double), loadBalancer: LoadBalancer) {
    let measured = standbyShare(selection(loadBalancer, ejected: situation.ejected))
    #expect(abs(measured - situation.share) < 0.016, "\(measured), not \(situation.share)")
  }

  @Test(arguments: LoadBalancer.allCases) func standbysTakeAllWhenNoneIsHealthy(loadBalancer: LoadBalancer) {
    let shares = selection(loadBalancer, ejected: 10).shares(decisions: 10_000, seed: 25)
    #expect(shares[..<10].allSatisfy { $0 == 0 })
    if loadBalancer != .roundRobin {
      #expect(shares[10...].allSatisfy { abs($0 - 0.2) < 0.02 }, "\(shares)")
    }
  }

  /// Or a zone that has failed as a whole would never be noticed to be well again.
  @Test(arguments: LoadBalancer.allCases) func someDecisionsProbeThoseWhoseEjectionIsOver(loadBalancer: LoadBalancer) {
    var selection = selection(loadBalancer, ejected: 0)
    for endpoint in 0..<10 { selection.eject(endpoint, forNanoseconds: 0) }
    var generator = SeededGenerator(seed: 30)
    let answers = (0..<10_000).map { _ in selection.select(&generator) }
    let probes = answers.count { $0.isProbe && $0.endpoint < 10 }
    // 1 in 64 of 10,000: 156 with a deviation of 12.
    #expect((100..<220).contains(probes), "\(probes) probes")
    #expect(answers.allSatisfy { $0.isProbe == ($0.endpoint < 10) })
  }

  /// Also when the draws meet ejected endpoints only, and every endpoint is looked at.
  @Test(arguments: LoadBalancer.allCases) func standbysAreIdleWhenTheDrawsFindNoneOfTheHealthy(
    loadBalancer: LoadBalancer
  ) {
    var members = Members.equal(60)
    for index in 50..<60 { members[index].isStandby = true }
    var selection = Selection(loadBalancer, members, settings: .panicking(below: 0))
    // 36 of 50 times 1.4 is more than 1; the ejected ones lie together, in front of the standbys.
    for endpoint in 36..<50 { selection.eject(endpoint) }
    let shares = selection.shares(decisions: 20_000, seed: 26)
    #expect(shares[36...].allSatisfy { $0 == 0 }, "\(shares)")
  }

  @Test(arguments: LoadBalancer.allCases) func anEjectedStandbyIsNotDrawn(loadBalancer: LoadBalancer) {
    var selection = selection(loadBalancer, ejected: 10)
    for endpoint in 10..<14 { selection.eject(endpoint) }
    let shares = selection.shares(decisions: 2_000, seed: 27)
    #expect(shares[14] == 1)
  }

  @Test func weightsOfStandbysAreTheirShares() {
    var members = Members.weighted([1, 1, 1, 2, 5])
    for index in 2..<5 { members[index].isStandby = true }
    var selection = Selection(.random, members, settings: .panicking(below: 0))
    selection.eject(0)
    selection.eject(1)
    let shares = selection.shares(decisions: 20_000, seed: 28)
    #expect(shares[..<2].allSatisfy { $0 == 0 })
    #expect(zip(shares[2...], [0.125, 0.25, 0.625]).allSatisfy { abs($0 - $1) < 0.015 }, "\(shares)")
  }

  @Test func theClientsOfAConsistentHashKeepTheirEndpointBesideIdleStandbys() throws {
    var random = SeededGenerator(seed: 29)
    let alone = Selection(.maglev, count: 10)
    let beside = selection(.maglev, ejected: 0)
    for _ in 0..<1000 {
      let client = random.next()
      try #require(alone.select(client: client) == beside.select(client: client))
    }
  }
}
