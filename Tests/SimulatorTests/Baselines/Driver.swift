// SPDX-License-Identifier: Apache-2.0

@testable import Simulator

let millisecond: UInt64 = 1_000_000
let second: UInt64 = 1_000_000_000

/// A stand-in for the simulation: remembers probes, knows weights and latencies.
final class StandInServices: SelectorServices {
  let nodeCount: Int
  let endpointCount: Int
  var weights: [Double]
  var latencies: [Double?]
  private(set) var probes: [[Int]] = []

  init(nodes: Int, endpoints: Int) {
    nodeCount = nodes
    endpointCount = endpoints
    weights = Array(repeating: 1, count: endpoints)
    latencies = Array(repeating: nil, count: endpoints)
  }

  func weight(of endpoint: Int) -> Double { weights[endpoint] }
  func probe(node: Int, endpoint: Int) { probes.append([node, endpoint]) }
  func expectedLatency(of endpoint: Int) -> Double? { latencies[endpoint] }
  func forgetProbes() { probes = [] }
}

/// Asks a selector by hand.
struct Driver<Selector: EndpointSelector> {
  let services: StandInServices
  let selector: Selector

  init(
    nodes: Int = 1, endpoints: Int, weights: [Double]? = nil, _ make: (StandInServices) -> Selector
  ) {
    services = StandInServices(nodes: nodes, endpoints: endpoints)
    if let weights { services.weights = weights }
    selector = make(services)
  }

  func selection(
    node: Int = 0, now: UInt64 = 0, random: UInt64 = 0, candidates: [Int]? = nil, list: Int = 0
  ) -> Selection {
    let candidates = (candidates ?? Array(0..<services.endpointCount)).map(Int32.init)
    return candidates.withUnsafeBufferPointer {
      selector.select(Choice(node: node, client: 0, now: now, random: random, candidates: $0, list: list))
    }
  }

  /// The endpoint selected; -1 for anything else.
  func select(
    node: Int = 0, now: UInt64 = 0, random: UInt64 = 0, candidates: [Int]? = nil, list: Int = 0
  ) -> Int {
    switch selection(node: node, now: now, random: random, candidates: candidates, list: list) {
    case .endpoint(let endpoint): endpoint
    default: -1
    }
  }

  /// How often each endpoint is selected, with random bits of a fixed stream.
  func counts(_ selections: Int, now: UInt64 = 0, seed: UInt64 = 1) -> [Int] {
    var random = Random(seed: seed)
    var counts = Array(repeating: 0, count: services.endpointCount)
    for _ in 0..<selections { counts[select(now: now, random: random.next())] += 1 }
    return counts
  }

  func sent(_ endpoint: Int, times: Int = 1, node: Int = 0, now: UInt64 = 0) {
    for _ in 0..<times { selector.sent(node: node, endpoint: endpoint, now: now) }
  }

  func finished(_ endpoint: Int, status: Int = 200, latency: UInt64 = 0, node: Int = 0, now: UInt64 = 0) {
    selector.finished(
      node: node, endpoint: endpoint, result: SelectorResult(status: status, latency: latency), now: now)
  }

  func reported(_ endpoint: Int, _ report: LoadReport, node: Int = 0, now: UInt64 = 0) {
    selector.reported(node: node, endpoint: endpoint, report: report, now: now)
  }
}

/// Random bits whose upper half draws `first` of `bound`, and whose lower half draws `second` of `secondBound`.
func bits(_ first: Int, of bound: Int, _ second: Int = 0, of secondBound: Int? = nil) -> UInt64 {
  func half(_ value: Int, _ bound: Int) -> UInt64 { value == 0 ? 0 : (UInt64(value) << 32) / UInt64(bound) + 1 }
  return half(first, bound) << 32 | half(second, secondBound ?? bound)
}
