// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

/// What queueing theory says exactly of one endpoint, against what is simulated.
@Suite struct QueueingTheoryTests {
  private func mean(_ change: (inout Scenario) -> Void, rate: Double) -> Double {
    let means = (1...3).map { seed in
      Scenario.make(rate: rate, seconds: 800) { scenario in
        scenario.warmup = 20 * seconds
        change(&scenario)
      }.run(.baseline(.random, ejection: false), seed: UInt64(seed)).meanLatency
    }
    return means.reduce(0, +) / Double(means.count)
  }

  /// M/M/1: T = S / (1 - rho) = 10 ms / 0.3.
  @Test func oneCoreAtSeventyPercent() {
    #expect(abs(mean({ _ in }, rate: 70) / 33.33e6 - 1) < 0.03)
  }

  /// M/D/1 (Pollaczek-Khinchine): T = S + rho S / (2 (1 - rho)) = 10 + 0.7 * 10 / 0.6 = 21.67 ms.
  @Test func constantWork() {
    #expect(abs(mean({ $0.work = .constant(10e6) }, rate: 70) / 21.67e6 - 1) < 0.02)
  }

  /// M/M/4 (Erlang C): a = 2.8 erlang; C = 0.4287; T = S + C S / (4 - a) = 10 + 0.4287 * 10 / 1.2 = 13.57 ms.
  @Test func fourCores() {
    #expect(abs(mean({ $0.endpoints[0].cores = 4 }, rate: 280) / 13.57e6 - 1) < 0.02)
  }

  /// M/G/1 with processor sharing: T = S / (1 - rho), whatever the distribution. Here one with a coefficient of variation
  /// above 2: nine of ten take 2 ms, one takes 82 ms.
  @Test func processorSharingDoesNotMindTheDistribution() {
    let measured = mean(
      {
        $0.endpoints[0].discipline = .processorSharing
        $0.work = .mixture([.init(weight: 9, .constant(2e6)), .init(weight: 1, .constant(82e6))])
      }, rate: 70)
    #expect(abs(measured / 33.33e6 - 1) < 0.04)
  }

  /// M/G/infinity: everybody takes the work, whatever the load.
  @Test func delayDoesNotMindTheLoad() {
    #expect(abs(mean({ $0.endpoints[0].discipline = .delay }, rate: 1_000) / 10e6 - 1) < 0.01)
  }

  /// Little's law at the endpoint: what is busy is the rate times the work.
  @Test func utilizationIsRateTimesWork() {
    let result = Scenario.make(rate: 70, seconds: 1_000).run()
    #expect(abs(result.endpoints[0].utilization / 0.7 - 1) < 0.02)
  }
}
