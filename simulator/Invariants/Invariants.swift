// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import SwerveCore

/// What must hold in every run, whatever happens in it. Counts for itself, and compares with what the core has counted.
///
/// docs/SIMULATOR-SEARCH.md has the list. Always on: the checks on the way of every request are a few comparisons with
/// memory that the decision has just read.
final class Invariants {
  let nodeCount: Int
  let endpointCount: Int
  let isCore: Bool
  let settings: TrafficSettings
  let replicas: Int
  /// By node and endpoint.
  let endpoints: UnsafeMutablePointer<EndpointTruth>
  let nodes: UnsafeMutablePointer<NodeTruth>
  /// By node and endpoint.
  var breakers: [BreakerModel]
  /// Of the attempt that ends at this moment.
  var result: BreakerModel.Result?
  /// Jobs at the endpoints.
  private var served: [Int]
  private(set) var violations: [Violation] = []
  private(set) var now: UInt64 = 0

  // All there were, and of those the ones that are measured.
  private(set) var requests = 0
  private(set) var requestsMeasured = 0
  private(set) var attempts = 0
  private(set) var attemptsMeasured = 0
  private var openRequests = 0

  /// Of each invariant; the first ones are kept.
  static let violationsMax = 20
  private var counts: [InvariantName: Int] = [:]

  init(nodes nodeCount: Int, endpoints endpointCount: Int, replicas: Int = 0, _ settings: TrafficSettings, isCore: Bool)
  {
    self.nodeCount = nodeCount
    self.endpointCount = endpointCount
    self.isCore = isCore
    self.settings = settings
    self.replicas = replicas
    endpoints = .allocate(capacity: nodeCount * endpointCount)
    endpoints.initialize(repeating: EndpointTruth(), count: nodeCount * endpointCount)
    nodes = .allocate(capacity: nodeCount)
    nodes.initialize(repeating: NodeTruth(), count: nodeCount)
    breakers = [BreakerModel](repeating: BreakerModel(), count: isCore ? nodeCount * endpointCount : 0)
    served = [Int](repeating: 0, count: endpointCount)
  }

  deinit {
    endpoints.deallocate()
    nodes.deallocate()
  }

  func violate(_ invariant: InvariantName, _ detail: @autoclosure () -> String) {
    guard counts[invariant, default: 0] < Self.violationsMax else { return }
    counts[invariant, default: 0] += 1
    violations.append(Violation(time: now, invariant: invariant.rawValue, detail: detail()))
  }

  @inline(__always)
  func timePassed(to time: UInt64) {
    if time < now { violate(.time, "from \(now) to \(time)") }
    now = time
  }

  // MARK: Requests

  @inline(__always)
  func requestBegan(node: Int, isMeasured: Bool) {
    requests += 1
    if isMeasured { requestsMeasured += 1 }
    openRequests += 1
    nodes[node].open += 1
  }

  @inline(__always)
  func requestEnded(node: Int, wasOpen: Bool) {
    if !wasOpen { return violate(.once, "a request ended a second time") }
    openRequests -= 1
    nodes[node].open &-= 1
  }

  /// - Parameter isAwaited: whether the request waits for an answer of this attempt, and of no other.
  @inline(__always)
  func answered(isAwaited: Bool) {
    if !isAwaited { violate(.once, "an answer came for a request that was not waiting for it") }
  }

  // MARK: Attempts

  @inline(__always)
  func attempted(isMeasured: Bool) {
    attempts += 1
    if isMeasured { attemptsMeasured += 1 }
  }

  /// A request is given to an endpoint; a connection, in connection mode.
  @inline(__always)
  func sent(node: Int, endpoint: Int) {
    let truth = endpoints + (node * endpointCount + endpoint)
    truth.pointee.underWay += 1
    truth.pointee.selected += 1
    nodes[node].underWay += 1
  }

  func established(node: Int, endpoint: Int, started: UInt64) {
    endpoints[node * endpointCount + endpoint].established += 1
    result = BreakerModel.Result(isSuccess: true, started: started)
  }

  /// - Parameter result: what the core may judge the endpoint by; nil: nothing.
  @inline(__always)
  func finished(node: Int, endpoint: Int, _ result: BreakerModel.Result?, isUnconnected: Bool = false) {
    let truth = endpoints + (node * endpointCount + endpoint)
    truth.pointee.underWay -= 1
    nodes[node].underWay -= 1
    if isUnconnected { truth.pointee.failed += 1 }
    self.result = result
    if truth.pointee.underWay < 0 { violate(.neverNegative, "node \(node), endpoint \(endpoint)") }
  }

  @inline(__always)
  func arrived(endpoint: Int) { served[endpoint] += 1 }
  @inline(__always)
  func served(endpoint: Int) {
    served[endpoint] -= 1
    if served[endpoint] < 0 { violate(.conserved, "endpoint \(endpoint) has served more than arrived") }
  }
  func cancelled(endpoint: Int) { served[endpoint] -= 1 }
  func dropped(endpoint: Int, count: Int) { served[endpoint] -= count }

  // MARK: The end

  /// Everything is over: nothing may be left.
  func end(_ simulation: Simulation) {
    if openRequests != 0 { violate(.conserved, "\(openRequests) requests neither answered nor failed") }
    for node in 0..<nodeCount {
      for endpoint in 0..<endpointCount where endpoints[node * endpointCount + endpoint].underWay != 0 {
        violate(
          .zeroAtTheEnd,
          "node \(node), endpoint \(endpoint): \(endpoints[node * endpointCount + endpoint].underWay) under way")
      }
      let truth = nodes[node]
      if truth.retries != 0 { violate(.zeroAtTheEnd, "node \(node): \(truth.retries) retries under way") }
      if truth.leased != 0 { violate(.zeroAtTheEnd, "node \(node): \(truth.leased) connections in use") }
      if truth.waiting != 0 { violate(.zeroAtTheEnd, "node \(node): \(truth.waiting) requests wait") }
    }
    for endpoint in 0..<endpointCount where served[endpoint] != simulation.servers[endpoint].inFlight {
      let there = simulation.servers[endpoint].inFlight
      violate(.conserved, "endpoint \(endpoint): \(served[endpoint]) arrived and not served, it has \(there)")
    }
    if simulation.core != nil { checkAll(simulation) }
  }
}
