// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testbed
import Testing

@testable import Policy

@Suite struct SelectionTests {
  @Test func roundRobinGoesInTurn() {
    let selection = Selection(.roundRobin, count: 4)
    #expect((0..<10).map { selection.select(sequence: $0).endpoint } == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1])
    #expect((0..<100).allSatisfy { selection.select(random: $0 &* 0x9e37_79b9, client: $0).endpoint == 0 })
  }

  @Test func weightedRoundRobinTakesTurnsByWeight() {
    let selection = Selection(.roundRobin, weights: [3, 1, 2])
    let period = (0..<6).map { selection.select(sequence: $0).endpoint }
    #expect((0..<3).map { endpoint in period.count { $0 == endpoint } } == [3, 1, 2])
    #expect((6..<12).map { selection.select(sequence: $0).endpoint } == period)
  }

  @Test(arguments: [LoadBalancer.random, .leastRequest, .peakEWMA, .maglev, .sourceIP])
  func equalEndpointsGetEqualShares(loadBalancer: LoadBalancer) {
    let shares = Selection(loadBalancer, count: 5).shares(decisions: 20_000, seed: 8)
    #expect(shares.allSatisfy { abs($0 - 0.2) < 0.015 }, "\(shares)")
  }

  @Test(arguments: [LoadBalancer.random, .maglev, .sourceIP])
  func weightsAreShares(loadBalancer: LoadBalancer) {
    let shares = Selection(loadBalancer, weights: [1, 2, 5]).shares(decisions: 20_000, seed: 9)
    #expect(zip(shares, [0.125, 0.25, 0.625]).allSatisfy { abs($0 - $1) < 0.015 }, "\(shares)")
  }

  @Test func leastRequestOfTwoEndpointsIsAlwaysTheLessLoaded() throws {
    var random = SeededGenerator(seed: 10)
    for _ in 0..<10_000 {
      var selection = Selection(.leastRequest, count: 2)
      selection[0].active = UInt32.random(in: 0...20, using: &random)
      selection[1].active = UInt32.random(in: 0...20, using: &random)
      let answer = selection.select(&random).endpoint
      try #require(selection[Int(answer)].active == min(selection[0].active, selection[1].active))
    }
  }

  /// Two different endpoints are compared, so the one with the most connections never wins.
  @Test(arguments: 2...6) func leastRequestNeverSelectsTheBusiest(count: Int) {
    var random = SeededGenerator(seed: 11)
    var selection = Selection(.leastRequest, count: count)
    selection[count - 1].active = 1
    #expect((0..<10_000).allSatisfy { _ in selection.select(&random).endpoint != UInt32(count - 1) })
  }

  @Test(arguments: [(2, 0), (4, 1)] as [(UInt32, UInt32)])
  func leastRequestCountsConnectionsPerWeight(active: UInt32, selected: UInt32) {
    var random = SeededGenerator(seed: 12)
    var selection = Selection(.leastRequest, weights: [4, 1])
    // (2 + 1) / 4 is less than the idle endpoint's (0 + 1) / 1, and (4 + 1) / 4 is more.
    selection[0].active = active
    #expect((0..<1000).allSatisfy { _ in selection.select(&random).endpoint == selected })
  }

  @Test(arguments: LoadBalancer.allCases) func withoutAnEndpointTheConnectionIsRefused(loadBalancer: LoadBalancer) {
    let refused = Selection.Answer(endpoint: .max, reason: SWERVE_REASON_NO_ENDPOINT.rawValue, isProbe: false)
    #expect(Selection(loadBalancer, count: 0).select() == refused)
    #expect(Selection(loadBalancer, weights: [0, 0]).select() == refused)
    #expect(NativeDecision(cells: [], states: []).replay(swerve_vector()).reason == SWERVE_REASON_NO_ENDPOINT.rawValue)
  }

  @Test(arguments: LoadBalancer.allCases) func drainingEndpointsAreNeverSelected(loadBalancer: LoadBalancer) throws {
    var random = SeededGenerator(seed: 13)
    var selection = Selection(loadBalancer, weights: [0, 1, 0, 3, 0])
    for _ in 0..<1000 { try #require([1, 3].contains(selection.select(&random).endpoint)) }
    // Not even when those that are left are ejected.
    selection.eject(1)
    selection.eject(3)
    for _ in 0..<1000 { try #require([1, 3].contains(selection.select(&random).endpoint)) }
  }
}
