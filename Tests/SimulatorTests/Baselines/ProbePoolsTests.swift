// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct ProbePoolsTests {
  @Test func threeDifferentCandidatesAreProbedForEachRequest() {
    let driver = Driver(endpoints: 5) { PrequalSelector(services: $0) }
    var random = Random(seed: 3)
    var counts = Array(repeating: 0, count: 5)
    for _ in 0..<1000 {
      driver.services.forgetProbes()
      _ = driver.select(random: random.next(), candidates: [0, 1, 3, 4])
      let probed = driver.services.probes.map { $0[1] }
      #expect(probed.count == 3 && Set(probed).count == 3)
      for endpoint in probed { counts[endpoint] += 1 }
    }
    // 3 of 4, of 1000.
    for endpoint in [0, 1, 3, 4] { #expect(abs(counts[endpoint] - 750) < 60) }
    #expect(counts[2] == 0)
  }

  @Test func aFractionOfAProbeIsCarriedOver() {
    var parameters = PrequalSelector.Parameters()
    parameters.pool.probesPerRequest = 2.5
    let driver = Driver(endpoints: 9) { PrequalSelector(services: $0, parameters: parameters) }
    let counts = (0..<4).map { _ in
      driver.services.forgetProbes()
      _ = driver.select()
      return driver.services.probes.count
    }
    #expect(counts == [2, 3, 2, 3])
  }

  @Test func probesAreReusedAsOftenAsTheBudgetSays() {
    let pools = ProbePools(nodeCount: 1, parameters: ProbePools.Parameters())
    var random = Random(seed: 5)
    // 2 / ((1 - 16 / 100) * 3 - 1) = 2 / 1.52 = 1.3158.
    let uses = (0..<10_000).map { _ in Int(pools.uses(candidates: 100, &random)) }
    #expect(Set(uses) == [1, 2])
    #expect(abs(Double(uses.reduce(0, +)) / 10_000 - 1.3158) < 0.02)
    // 2 / ((1 - 16 / 32) * 3 - 1) = 4.
    #expect(pools.uses(candidates: 32, &random) == 4)
    // (1 - 16 / 20) * 3 < 1: as the maximum with a negative number.
    #expect(pools.uses(candidates: 20, &random) == 1)
    var fast = ProbePools.Parameters()
    fast.probesPerRequest = 10
    // 2 / (0.84 * 10 - 1) = 0.27, but never less than 1.
    #expect(ProbePools(nodeCount: 1, parameters: fast).uses(candidates: 100, &random) == 1)
  }

  @Test func aFullPoolDropsTheOldestAndAnEndpointHasOneProbe() {
    let driver = Driver(endpoints: 20) { PrequalSelector(services: $0) }
    for endpoint in 0..<16 { driver.reported(endpoint, LoadReport(requestsInFlight: 1)) }
    #expect(driver.selector.pooledEndpoints(node: 0) == Array(0..<16))
    driver.reported(16, LoadReport(requestsInFlight: 1))
    #expect(driver.selector.pooledEndpoints(node: 0) == Array(1...16))
    driver.reported(3, LoadReport(requestsInFlight: 1))
    #expect(driver.selector.pooledEndpoints(node: 0) == [1, 2] + Array(4...16) + [3])
    driver.selector.left(node: 0, endpoint: 2, now: 0)
    #expect(driver.selector.pooledEndpoints(node: 0) == [1] + Array(4...16) + [3])
  }
}

@Suite struct RecentQuantileTests {
  @Test func theQuantileIsOfTheLastValues() {
    let quantile = RecentQuantile(nodeCount: 2, window: 4)
    #expect(quantile.value(0.5, node: 0) == nil)
    for value: UInt32 in [9, 1, 5, 7] { quantile.add(value, node: 0) }
    // 1, 5, 7, 9: rank 2, 3 and 4 of 4.
    #expect(quantile.value(0.5, node: 0) == 5)
    #expect(quantile.value(0.75, node: 0) == 7)
    #expect(quantile.value(0.84, node: 0) == 9)
    #expect(quantile.value(0, node: 0) == nil)
    quantile.add(2, node: 0)
    quantile.add(2, node: 0)
    // Without 9 and 1: 2, 2, 5, 7.
    #expect(quantile.value(0.5, node: 0) == 2)
    #expect(quantile.value(1, node: 0) == 7)
    #expect(quantile.value(1, node: 1) == nil)
  }
}
