// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import SwerveCore

/// What must hold in every run, whatever happens in it. Counts for itself, and compares with what the core has counted.
final class Invariants {
  private let endpointCount: Int
  private let isCore: Bool
  private let requestsMax: UInt32
  private let connectionsMax: UInt32
  /// Attempts (connections, in connection mode) under way by node and endpoint, and by node.
  private let underWay: UnsafeMutablePointer<Int32>
  private let underWayByNode: UnsafeMutablePointer<Int32>
  private let nodes: Int
  /// The breaker's last state by node and endpoint, as events told it.
  private var breakers: [UInt8]
  private var ejectedByNode: [UInt32]
  /// Jobs at the endpoints.
  private var served: [Int]
  private(set) var requests = 0
  private var openRequests = 0
  private(set) var violations: [Violation] = []
  private var lastTime: UInt64 = 0

  static let violationsMax = 100

  init(nodes: Int, endpoints: Int, _ settings: TrafficSettings, isCore: Bool) {
    self.nodes = nodes
    endpointCount = endpoints
    self.isCore = isCore
    requestsMax = settings.maxRequests
    connectionsMax = settings.maxConnections
    underWay = .allocate(capacity: nodes * endpoints)
    underWay.initialize(repeating: 0, count: nodes * endpoints)
    underWayByNode = .allocate(capacity: nodes)
    underWayByNode.initialize(repeating: 0, count: nodes)
    breakers = [UInt8](repeating: 0, count: isCore ? nodes * endpoints : 0)
    ejectedByNode = [UInt32](repeating: 0, count: nodes)
    served = [Int](repeating: 0, count: endpoints)
  }

  deinit {
    underWay.deallocate()
    underWayByNode.deallocate()
  }

  private func violate(_ time: UInt64, _ invariant: String, _ detail: @autoclosure () -> String) {
    guard violations.count < Self.violationsMax else { return }
    violations.append(Violation(time: time, invariant: invariant, detail: detail()))
  }

  // MARK: Requests

  @inline(__always)
  func requestBegan() {
    requests += 1
    openRequests += 1
  }

  @inline(__always)
  func requestEnded(wasOpen: Bool) {
    openRequests -= 1
    if !wasOpen { violate(lastTime, "nothing is answered twice", "a request ended a second time") }
  }

  // MARK: Attempts

  @inline(__always)
  func sent(node: Int, endpoint: Int) {
    underWay[node * endpointCount + endpoint] += 1
    underWayByNode[node] += 1
  }

  @inline(__always)
  func finished(node: Int, endpoint: Int) {
    underWay[node * endpointCount + endpoint] -= 1
    underWayByNode[node] -= 1
    if underWay[node * endpointCount + endpoint] < 0 {
      violate(lastTime, "requests in flight are never negative", "node \(node), endpoint \(endpoint)")
    }
  }

  @inline(__always)
  func arrived(endpoint: Int) { served[endpoint] += 1 }
  @inline(__always)
  func served(endpoint: Int) { served[endpoint] -= 1 }
  func cancelled(endpoint: Int) { served[endpoint] -= 1 }
  func dropped(endpoint: Int, count: Int) { served[endpoint] -= count }

  // MARK: The core

  /// A decision of the core.
  @inline(__always)
  func selected(_ selection: Selection, _ simulation: Simulation, node: Int) {
    guard case .endpoint(let endpoint) = selection, let core = simulation.core else { return }
    let isPerRequest = core.isPerRequest
    let limit = isPerRequest ? requestsMax : connectionsMax
    if limit != .max, underWayByNode[node] >= Int32(clamping: limit) {
      violate(
        simulation.now, "limits are never exceeded",
        "node \(node): \(underWayByNode[node]) under way of at most \(limit)")
    }
    let word = core.nodes[node].states[endpoint].breaker
    if word & UInt64(SWERVE_BREAKER_STATES.rawValue) == 0 { return }
    if core.lastReason == UInt32(SWERVE_REASON_PANIC.rawValue) || core.lastProbe != 0 { return }
    violate(
      simulation.now, "no request to an ejected endpoint", "node \(node), endpoint \(endpoint), breaker \(word & 7)")
  }

  /// The core's statistics against the truth.
  @inline(__always)
  func check(_ simulation: Simulation, node: Int, endpoint: Int) {
    guard let core = simulation.core else { return }
    let state = core.nodes[node].states + endpoint
    let counted = core.isPerRequest ? state.pointee.in_flight : state.pointee.active
    let truth = underWay[node * endpointCount + endpoint]
    if Int32(bitPattern: counted) != truth {
      violate(
        simulation.now, "statistics equal the truth",
        "node \(node), endpoint \(endpoint): \(Int32(bitPattern: counted)) counted, \(truth) under way")
    }
    let service = core.nodes + node
    let admitted =
      core.isPerRequest
      ? service.pointee.service.admitted &- service.pointee.service.answered : service.pointee.service.connections
    if Int32(bitPattern: admitted) != underWayByNode[node] {
      violate(
        simulation.now, "statistics equal the truth",
        "node \(node): \(Int32(bitPattern: admitted)) admitted, \(underWayByNode[node]) under way")
    }
    lastTime = simulation.now
  }

  /// A breaker has changed: only in ways there are.
  func changed(_ simulation: Simulation, node: Int, endpoint: Int, kind: swerve_event_kind) {
    let place = node * endpointCount + endpoint
    let before = breakers[place]
    let (closed, open, halfOpen) = (
      UInt8(SWERVE_BREAKER_CLOSED.rawValue), UInt8(SWERVE_BREAKER_OPEN.rawValue),
      UInt8(SWERVE_BREAKER_HALF_OPEN.rawValue)
    )
    let after: UInt8
    let isLegal: Bool
    switch kind {
    // Closed: ejected. Open, its time over, in panic: anyone's failure. Half-open: the probe's.
    case SWERVE_EVENT_OPEN: (after, isLegal) = (open, true)
    case SWERVE_EVENT_HALF_OPEN: (after, isLegal) = (halfOpen, before != closed)
    case SWERVE_EVENT_CLOSED: (after, isLegal) = (closed, before != closed)
    default: return
    }
    breakers[place] = after
    if before == closed, after != closed { ejectedByNode[node] += 1 }
    if before != closed, after == closed { ejectedByNode[node] -= 1 }
    guard let core = simulation.core else { return }
    let actual = UInt8(truncatingIfNeeded: core.nodes[node].states[endpoint].breaker) & 3
    if !isLegal || actual != after {
      violate(
        simulation.now, "breakers change as they may",
        "node \(node), endpoint \(endpoint): from \(before) to \(after), the word says \(actual)")
    }
    let counted = core.nodes[node].service.ejected
    if counted != ejectedByNode[node] {
      violate(
        simulation.now, "statistics equal the truth",
        "node \(node): \(Int32(bitPattern: counted)) counted as ejected, \(ejectedByNode[node]) are")
    }
  }

  /// The node forgets an endpoint with its breaker. Returns whether it was ejected.
  func left(node: Int, endpoint: Int) -> Bool {
    guard isCore, breakers[node * endpointCount + endpoint] != 0 else { return false }
    breakers[node * endpointCount + endpoint] = 0
    ejectedByNode[node] -= 1
    return true
  }

  // MARK: The end

  /// Everything is over: nothing may be left.
  func end(_ simulation: Simulation) {
    if openRequests != 0 {
      violate(simulation.now, "work is conserved", "\(openRequests) requests neither answered nor failed")
    }
    for place in 0..<nodes * endpointCount where underWay[place] != 0 {
      violate(
        simulation.now, "nothing is in flight at the end",
        "node \(place / endpointCount), endpoint \(place % endpointCount): \(underWay[place])")
    }
    for endpoint in 0..<endpointCount where served[endpoint] != simulation.servers[endpoint].inFlight {
      violate(
        simulation.now, "work is conserved",
        "endpoint \(endpoint): \(served[endpoint]) arrived and not served, it has \(simulation.servers[endpoint].inFlight)"
      )
    }
  }
}
