// SPDX-License-Identifier: Apache-2.0

import Policy

/// The nodes' warm connections to endpoints, in request mode: a request needs one, and a new one costs a round trip.
///
/// Nothing is kept where it could make no difference: without latency, and without limits.
final class ConnectionPools {
  /// What a request gets.
  enum Lease { case warm, new, wait, refused }

  let isIrrelevant: Bool
  private let endpointCount: Int
  let limit: UInt32
  private let pendingMax: UInt32
  private let usesMax: UInt32
  private let idleTimeout: UInt64
  /// By node and endpoint.
  private var idle: [UInt16] = []
  private var uses: [UInt32] = []
  private var lastReturn: [UInt64] = []
  /// By node: connections there are, and requests that wait for one, in turn.
  private(set) var open: [UInt32] = []
  private var waiting: [[Int32]] = []
  private var waitingHead: [Int] = []

  /// - Parameter isLimited: whether the policy's limits are in force: they are Swerve's.
  init(_ scenario: Scenario, _ settings: TrafficSettings, isLimited: Bool) {
    endpointCount = scenario.endpointCount
    limit = isLimited ? settings.maxConnections : .max
    pendingMax = settings.maxPendingRequests
    usesMax = settings.maxRequestsPerConnection
    idleTimeout = UInt64(settings.idleTimeoutMilliseconds) * 1_000_000
    let isInstant = ([scenario.network.path] + scenario.network.paths.map(\.path)).allSatisfy {
      $0.latency == .constant(0)
    }
    isIrrelevant = scenario.clients.mode == .connection || (isInstant && limit == .max)
    if isIrrelevant { return }
    let pairs = scenario.clients.nodes * endpointCount
    idle = [UInt16](repeating: 0, count: pairs)
    uses = [UInt32](repeating: 0, count: pairs)
    lastReturn = [UInt64](repeating: 0, count: pairs)
    open = [UInt32](repeating: 0, count: scenario.clients.nodes)
    waiting = [[Int32]](repeating: [], count: scenario.clients.nodes)
    waitingHead = [Int](repeating: 0, count: scenario.clients.nodes)
  }

  func waitingCount(node: Int) -> Int { isIrrelevant ? 0 : waiting[node].count - waitingHead[node] }

  func lease(node: Int, endpoint: Int, now: UInt64) -> Lease {
    let pair = node * endpointCount + endpoint
    if idle[pair] > 0, now - lastReturn[pair] > idleTimeout {
      // The one used last is too old, so all are.
      open[node] -= UInt32(idle[pair])
      idle[pair] = 0
    }
    if idle[pair] > 0 {
      idle[pair] -= 1
      return .warm
    }
    if open[node] >= limit, !closeOneIdle(node: node) {
      return waitingCount(node: node) < Int(pendingMax) ? .wait : .refused
    }
    open[node] += 1
    return .new
  }

  /// A connection to another endpoint that nobody uses makes room.
  private func closeOneIdle(node: Int) -> Bool {
    for pair in node * endpointCount..<(node + 1) * endpointCount where idle[pair] > 0 {
      idle[pair] -= 1
      open[node] -= 1
      return true
    }
    return false
  }

  /// The request on a connection is over.
  func giveBack(node: Int, endpoint: Int, isReusable: Bool, now: UInt64) {
    let pair = node * endpointCount + endpoint
    uses[pair] += 1
    // Of connections that take turns, one in so many is used up.
    let isUsedUp = usesMax > 0 && uses[pair] % usesMax == 0
    if isReusable, !isUsedUp, idle[pair] < .max {
      idle[pair] += 1
      lastReturn[pair] = now
    } else {
      open[node] -= 1
    }
  }

  func wait(_ request: Int32, node: Int) { waiting[node].append(request) }

  /// The request that waits longest, if there may be a connection for it.
  func nextWaiting(node: Int) -> Int32? {
    guard waitingHead[node] < waiting[node].count else { return nil }
    let request = waiting[node][waitingHead[node]]
    waitingHead[node] += 1
    if waitingHead[node] > 64, waitingHead[node] * 2 > waiting[node].count {
      waiting[node].removeFirst(waitingHead[node])
      waitingHead[node] = 0
    }
    return request
  }

  func stopWaiting(_ request: Int32, node: Int) {
    guard let place = waiting[node][waitingHead[node]...].firstIndex(of: request) else { return }
    waiting[node].remove(at: place)
  }

  /// The endpoint is gone: its idle connections are closed.
  func drop(node: Int, endpoint: Int) {
    if isIrrelevant { return }
    let pair = node * endpointCount + endpoint
    open[node] -= UInt32(idle[pair])
    idle[pair] = 0
  }
}
