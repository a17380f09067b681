// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Simulator

@Suite struct SearchTests {
  @Test func aSoundCoreHasNoViolations() throws {
    let outcome = try #require(Search(firstSeed: 1, count: 60).run())
    #expect(outcome.findings.map { "\($0.seed): \($0.violation)" } == [])
    #expect(outcome.seeds == 60)
    #expect(outcome.requests > 10_000)
  }

  @Test func filesGiveTheSameRun() throws {
    for seed in 1..<40 as Range<UInt64> {
      let drawn = Swarm.makeCase(seed: seed)
      let direct = Simulation(try drawn.resolved(), selector: drawn.selector, seed: seed).run()
      let read = Simulation(try drawn.resolvedFromText(), selector: drawn.selector, seed: seed).run()
      #expect(direct?.traceHash == read?.traceHash, "seed \(seed)")
    }
  }

  @Test func itEndsWhenItIsTold() {
    let calls = Mutex(0)
    let outcome = Search(firstSeed: 1, count: 10_000).run { _ in
      calls.withLock {
        $0 += 1
        return $0 < 3
      }
    }
    #expect(outcome == nil)
  }

  @Test func aCaseThatCannotBeReadIsAFinding() {
    var broken = Swarm.makeCase(seed: 1)
    broken.scenario.endpoints = []
    #expect(Search.run(broken, isRepeated: false).violations.map(\.invariant) == ["cases can be run"])
  }
}
