// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI

/// What happens to a request between its client and an endpoint.
extension Simulation {
  // MARK: Selection

  /// Sends the request, or begins to wait for what it needs.
  func attempt(_ index: Int32) {
    if scenario.clients.mode == .connection { return attemptOnConnection(index) }
    let request = requests.elements + Int(index)
    let node = Int(request.pointee.node)
    switch select(request, node) {
    case .endpoint(let endpoint): send(index, to: endpoint)
    case .refused(let reason): refuse(index, reason)
    case .wait(let until):
      request.pointee.step &+= 1
      push(.wakeUps, index, detail: request.pointee.step, after: max(1_000, until > now ? until - now : 0))
    }
  }

  /// An endpoint for the request, by the selector.
  @inline(__always)
  func select(_ request: UnsafeMutablePointer<Request>, _ node: Int) -> Selection {
    let list = Int(request.pointee.list)
    let among = candidates[node][list]
    guard among.count > 0 else { return .refused(reason: UInt32(SWERVE_REASON_NO_ENDPOINT.rawValue)) }
    let offset = clock(node)
    let choice = Choice(
      node: node, client: Int(request.pointee.client), now: offset, random: selection.next(), candidates: among,
      list: list, tried: request.pointee.tried)
    var selected = selector.select(choice)
    if core == nil, request.pointee.retries > 0 { selected = avoidTried(selected, choice) }
    switch selected {
    case .endpoint(let endpoint): invariants.selected(endpoint, self, node: node, list: list)
    case .refused(let reason): invariants.refused(reason, self, node: node, list: list)
    // A selector's times are its node's.
    case .wait(let until): return .wait(until: until &- offset &+ now)
    }
    return selected
  }

  /// Baselines know nothing of retries: they are asked again, as Envoy's previous_hosts does.
  private func avoidTried(_ selected: Selection, _ choice: borrowing Choice) -> Selection {
    var selected = selected
    for _ in 0..<5 {
      guard settings.request.retryIgnorePreviousHosts, case .endpoint(let endpoint) = selected,
        (0..<4).contains(where: { choice.tried[$0] == Int32(endpoint) })
      else { return selected }
      selected = selector.select(
        Choice(
          node: choice.node, client: choice.client, now: choice.now, random: selection.next(),
          candidates: choice.candidates, list: choice.list, tried: choice.tried))
    }
    return selected
  }

  /// Nothing could be sent. The policy's fallback answers for it, if there is one.
  private func refuse(_ index: Int32, _ reason: UInt32) {
    let isNoEndpoint =
      reason == UInt32(SWERVE_REASON_NO_ENDPOINT.rawValue) || reason == UInt32(SWERVE_REASON_NO_HEALTHY.rawValue)
    finish(index, isNoEndpoint && resolved.hasFallback ? .fallback : .refused(reason))
  }

  // MARK: Sending

  private func send(_ index: Int32, to endpoint: Int) {
    let request = requests.elements + Int(index)
    let node = Int(request.pointee.node)
    let job = newJob(index, to: endpoint)
    selector.sent(node: node, endpoint: endpoint, now: jobs[job].sentClock)
    invariants.sent(node: node, endpoint: endpoint)
    if pools.isIrrelevant { return transmit(job) }
    if proceed(job, pools.lease(node: node, endpoint: endpoint, now: now)) { return }
    conclude(job, SelectorResult(status: 0, latency: 0, isAbandoned: true))
    jobs.give(job)
    request.pointee.job = -1
    finish(index, .refused(UInt32(SWERVE_REASON_PENDING.rawValue)))
  }

  /// Goes on with what the node's pool has for the job: a connection, or a place among those that wait for one. False
  /// when it has neither.
  func proceed(_ job: Int32, _ lease: ConnectionPools.Lease) -> Bool {
    let (node, index) = (Int(jobs[job].node), jobs[job].request)
    switch lease {
    case .warm:
      invariants.leased(node: node, pools)
      transmit(job)
    case .new:
      invariants.leased(node: node, pools)
      connect(job)
    case .wait:
      requests[index].isPending = true
      pools.wait(index, node: node)
      invariants.beganToWait(node: node)
    case .refused: return false
    }
    return true
  }

  func newJob(_ index: Int32, to endpoint: Int) -> Int32 {
    let request = requests.elements + Int(index)
    let job = jobs.take()
    let node = Int(request.pointee.node)
    jobs[job] = Job(
      request: index, endpoint: Int32(truncatingIfNeeded: endpoint), node: request.pointee.node,
      incarnation: incarnations[node * endpointCount + endpoint],
      seed: request.pointee.seed, sent: now, sentClock: clock(node), isMeasured: request.pointee.isMeasured)
    request.pointee.job = job
    request.pointee.step &+= 1
    if request.pointee.retries == 0 {
      request.pointee.tried[0] = Int32(truncatingIfNeeded: endpoint)
    } else {
      request.pointee.tried[Int(request.pointee.retries) % 4] = Int32(truncatingIfNeeded: endpoint)
    }
    let tryTimeout = UInt64(settings.request.perTryTimeoutMilliseconds) * 1_000_000
    if tryTimeout > 0 { push(.tries, index, detail: request.pointee.step, after: tryTimeout) }
    trace.add(now, UInt64(UInt32(bitPattern: index)) << 32 | UInt64(endpoint))
    invariants.attempted(isMeasured: request.pointee.isMeasured)
    recorder.attemptSent(endpoint, isMeasured: request.pointee.isMeasured, now: now)
    return job
  }

  /// A new connection: a round trip before anything is sent.
  func connect(_ job: Int32) {
    let (node, endpoint) = (Int(jobs[job].node), Int(jobs[job].endpoint))
    guard let there = paths.transit(node: node, endpoint: endpoint, bytes: 60, using: &network),
      let back = paths.transit(node: node, endpoint: endpoint, bytes: 60, using: &network)
    else {
      jobs[job].isUnconnected = true
      return push(.connects, job, after: UInt64(settings.connectTimeoutMilliseconds) * 1_000_000)
    }
    if servers[endpoint].isClosed { jobs[job].isUnconnected = true }
    if there + back == 0, !jobs[job].isUnconnected { return connected(job) }
    push(.connects, job, after: there + back)
  }

  /// The handshake is done, or has failed.
  func connected(_ job: Int32) {
    // Who wanted the connection has gone meanwhile.
    if jobs[job].request < 0 { return jobs.give(job) }
    let (node, endpoint) = (Int(jobs[job].node), Int(jobs[job].endpoint))
    if jobs[job].isUnconnected || servers[endpoint].isClosed {
      jobs[job].isUnconnected = true
      return reachClient(job)
    }
    if jobs[job].connection >= 0 {
      let clock = clock(node)
      invariants.established(node: node, endpoint: endpoint, started: jobs[job].sentClock)
      selector.established(node: node, endpoint: endpoint, roundTrip: clock &- jobs[job].sentClock, now: clock)
    }
    transmit(job)
  }

  @inline(__always)
  func transmit(_ job: Int32) {
    let (node, endpoint) = (Int(jobs[job].node), Int(jobs[job].endpoint))
    guard let delay = paths.transit(node: node, endpoint: endpoint, bytes: paths.requestBytes, using: &network) else {
      jobs[job].place = .lost
      return
    }
    if delay == 0 { return reachEndpoint(job) }
    push(.toEndpoint, job, after: delay)
  }

  @inline(__always)
  func respond(_ job: Int32, status: Int) {
    jobs[job].status = UInt16(truncatingIfNeeded: status)
    jobs[job].place = .underWay
    let (node, endpoint) = (Int(jobs[job].node), Int(jobs[job].endpoint))
    guard let delay = paths.transit(node: node, endpoint: endpoint, bytes: paths.responseBytes, using: &network) else {
      jobs[job].place = .lost
      if jobs[job].request < 0 { jobs.give(job) }
      return
    }
    if delay == 0 { return reachClient(job) }
    push(.toClient, job, after: delay)
  }
}
