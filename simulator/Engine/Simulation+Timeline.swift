// SPDX-License-Identifier: Apache-2.0

/// The timeline: faults that begin and end.
extension Simulation {
  func scheduleTimeline() {
    for (number, event) in scenario.timeline.enumerated() {
      let affected = event.target.endpoints(in: scenario)
      recorder.faults.append(
        FaultBand(
          label: event.label, from: event.at, until: event.until, endpoints: affected))
      schedule(at: event.at) { $0.begin(number, event, affected) }
      if let until = event.until { schedule(at: until) { $0.end(number, event, affected) } }
    }
  }

  private func begin(_ number: Int, _ event: TimelineEvent, _ affected: [Int]) {
    trace.add(now, UInt64(number) << 8 | 3)
    switch event.fault {
    case .crash:
      faults.add(.init(number: number, endpoints: affected, event: event))
      refresh(affected)
      for endpoint in affected { dropJobs(endpoint) }
    case .hang, .slow, .capacity, .errors:
      faults.add(.init(number: number, endpoints: affected, event: event))
      refresh(affected)
    case .coldStart:
      faults.add(.init(number: number, endpoints: affected, event: event))
      warmUp(number, event, affected)
    case .join: join(affected)
    case .leave: leave(affected)
    case .drain:
      membership.set(affected, draining: true)
      discoverLater()
    case .partition, .latency, .loss: disturb(number, event, affected)
    case .clockJump(let nanoseconds):
      for node in event.target.nodeIndices(in: scenario) { clockOffsets[node] &+= nanoseconds }
    case .agentRestart:
      for node in event.target.nodeIndices(in: scenario) { membership.isAgentAway[node] = true }
    case .tableFull:
      for node in event.target.nodeIndices(in: scenario) { membership.isTableFull[node] = true }
    }
  }

  private func end(_ number: Int, _ event: TimelineEvent, _ affected: [Int]) {
    trace.add(now, UInt64(number) << 8 | 4)
    switch event.fault {
    case .crash, .hang, .slow, .capacity, .errors, .coldStart:
      faults.remove(number)
      refresh(affected)
    case .join: leave(affected)
    case .leave: join(affected)
    case .drain:
      membership.set(affected, draining: false)
      discoverLater()
    case .partition, .latency, .loss: paths.remove(number)
    case .clockJump: break
    case .agentRestart:
      for node in event.target.nodeIndices(in: scenario) { membership.isAgentAway[node] = false }
      discoverLater()
    case .tableFull:
      for node in event.target.nodeIndices(in: scenario) { membership.isTableFull[node] = false }
      discoverLater()
    }
  }

  // MARK: Endpoints

  func refresh(_ endpoints: [Int]) {
    for endpoint in endpoints {
      faults.apply(to: endpoint, servers + endpoint, jobs, now: now)
      setServerTimer(endpoint)
    }
  }

  private func dropJobs(_ endpoint: Int) {
    let dropped = servers[endpoint].dropAll(jobs, now: now)
    invariants.dropped(endpoint: endpoint, count: dropped.count)
    setServerTimer(endpoint)
    for job in dropped { respond(job, status: 0) }
  }

  /// Steps in which a cold endpoint becomes warm.
  private static let warmUpSteps: UInt64 = 50

  private func warmUp(_ number: Int, _ event: TimelineEvent, _ affected: [Int]) {
    refresh(affected)
    guard let until = event.until, now < until else { return }
    schedule(at: min(until, now + max(1, (until - event.at) / Self.warmUpSteps))) { simulation in
      if simulation.now < until { simulation.warmUp(number, event, affected) }
    }
  }

  private func join(_ endpoints: [Int]) {
    for endpoint in endpoints { faults.isGone[endpoint] = false }
    refresh(endpoints)
    membership.set(endpoints, present: true)
    discoverLater()
  }

  /// It serves until the nodes know, as a pod has its grace period.
  private func leave(_ endpoints: [Int]) {
    membership.set(endpoints, present: false)
    discoverLater()
    schedule(at: now + scenario.agent.discoveryDelay) { simulation in
      for endpoint in endpoints where !simulation.membership.isPresent[endpoint] {
        simulation.faults.isGone[endpoint] = true
      }
      simulation.refresh(endpoints)
    }
  }

  // MARK: Network

  private func disturb(_ number: Int, _ event: TimelineEvent, _ affected: [Int]) {
    var isNodeAffected = [Bool](repeating: false, count: nodes)
    var isEndpointAffected = [Bool](repeating: false, count: endpointCount)
    for node in event.target.nodeIndices(in: scenario) { isNodeAffected[node] = true }
    for endpoint in affected { isEndpointAffected[endpoint] = true }
    var (isPartition, latency, loss) = (false, Sampler?.none, 0.0)
    switch event.fault {
    case .partition: isPartition = true
    case .latency(let distribution): latency = Sampler(distribution)
    case .loss(let probability): loss = probability
    default: break
    }
    paths.add(
      Paths.Disturbance(
        number: number, isNodeAffected: isNodeAffected, isEndpointAffected: isEndpointAffected,
        isPartition: isPartition, latency: latency, loss: loss))
  }
}
