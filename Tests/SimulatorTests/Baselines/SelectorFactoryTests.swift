// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct SelectorFactoryTests {
  @Test func everyBaselineIsMadeAndSelects() {
    let services = StandInServices(nodes: 1, endpoints: 4)
    for name in SelectorName.Baseline.allCases {
      for ejection in [false, true] {
        let selector = SelectorFactory.baseline(name, ejection: ejection, services: services)
        #expect(selector.ejects == ejection)
        let candidates: [Int32] = [1, 3]
        let selection = candidates.withUnsafeBufferPointer {
          selector.select(Choice(node: 0, client: 0, now: 0, random: 99, candidates: $0, list: 0))
        }
        #expect([.endpoint(1), .endpoint(3)].contains(selection))
      }
    }
  }

  /// Selections of a run in which endpoint 0 fails, the others answer 8 requests later, and 7 leaves and comes back.
  private func run(_ name: SelectorName.Baseline, seed: UInt64) -> [Selection] {
    let services = StandInServices(nodes: 3, endpoints: 8)
    services.weights[3] = 2
    let selector = SelectorFactory.baseline(name, ejection: true, services: services)
    var random = Random(seed: seed)
    var underWay: [[Int]] = []
    var selections: [Selection] = []
    for step in 0..<3000 {
      let now = UInt64(step) * 10 * millisecond
      let node = random.below(3)
      let isAway = step / 500 % 2 == 1
      if isAway, step % 500 == 0 { for node in 0..<3 { selector.left(node: node, endpoint: 7, now: now) } }
      let candidates = (0..<(isAway ? 7 : 8)).map(Int32.init)
      let selection = candidates.withUnsafeBufferPointer {
        selector.select(Choice(node: node, client: node, now: now, random: random.next(), candidates: $0, list: 0))
      }
      selections.append(selection)
      if case .endpoint(let endpoint) = selection {
        selector.sent(node: node, endpoint: endpoint, now: now)
        underWay.append([node, endpoint])
      }
      for probe in services.probes {
        let report = LoadReport(requestsInFlight: UInt32(step % 7), latency: random.next() >> 40, serviceTime: 5e6)
        selector.reported(node: probe[0], endpoint: probe[1], report: report, now: now)
      }
      services.forgetProbes()
      if underWay.count > 8 {
        let done = underWay.removeFirst()
        let result = SelectorResult(status: done[1] == 0 ? 500 : 200, latency: 80 * millisecond)
        let report = LoadReport(utilization: 0.5, requestsPerSecond: 100, serviceTime: 5e6)
        if selector.needs.reports { selector.reported(node: done[0], endpoint: done[1], report: report, now: now) }
        selector.finished(node: done[0], endpoint: done[1], result: result, now: now)
      }
      if selector.needs.tick > 0, now % selector.needs.tick == 0 { selector.tick(now: now) }
    }
    return selections
  }

  @Test(arguments: SelectorName.Baseline.allCases) func theSameBitsMakeTheSameSelections(name: SelectorName.Baseline) {
    let selections = run(name, seed: 1)
    #expect(selections == run(name, seed: 1))
    #expect(selections != run(name, seed: 2))
    for step in 500..<1000 { #expect(selections[step] != .endpoint(7)) }
  }
}
