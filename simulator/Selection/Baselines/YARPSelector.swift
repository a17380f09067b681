// SPDX-License-Identifier: Apache-2.0

/// `yarp`: power of two choices over the requests in flight at every endpoint, which each node asks for every 500 ms:
/// what the Prequal paper compares with under this name.
///
/// In between nothing is added to what was answered. An endpoint that has not answered yet counts as idle.
final class YARPSelector: EndpointSelector {
  private struct Load: BitwiseCopyable {
    var requestsInFlight: UInt32 = 0
    var isKnown = true
  }

  private let pollPeriod: UInt64
  private unowned let services: any SelectorServices
  private let loads: PairTable<Load>

  init(services: any SelectorServices, pollPeriod: UInt64 = 500_000_000) {
    self.services = services
    self.pollPeriod = pollPeriod
    loads = PairTable(services, initial: Load())
  }

  var needs: SelectorNeeds { SelectorNeeds(probes: true, tick: pollPeriod) }

  func select(_ choice: borrowing Choice) -> Selection {
    let (first, second) = choice.twoDistinct()
    let row = loads.row(choice.node)
    return .endpoint(row[first].requestsInFlight <= row[second].requestsInFlight ? first : second)
  }

  func sent(node: Int, endpoint: Int, now: UInt64) { loads.row(node)[endpoint].isKnown = true }
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {}

  func reported(node: Int, endpoint: Int, report: LoadReport, now: UInt64) {
    loads.row(node)[endpoint].requestsInFlight = report.requestsInFlight
  }

  func tick(now: UInt64) {
    for node in 0..<services.nodeCount {
      let row = loads.row(node)
      for endpoint in 0..<services.endpointCount where row[endpoint].isKnown {
        services.probe(node: node, endpoint: endpoint)
      }
    }
  }

  func left(node: Int, endpoint: Int, now: UInt64) { loads[node, endpoint] = Load(isKnown: false) }
}
