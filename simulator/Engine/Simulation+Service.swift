// SPDX-License-Identifier: Apache-2.0

/// What happens at the endpoints.
extension Simulation {
  @inline(__always)
  func setServerTimer(_ endpoint: Int) {
    let timer = Queue.count + endpoint
    if let time = servers[endpoint].nextCompletion(jobs) {
      timers.set(timer, at: time)
    } else {
      timers.cancel(timer)
    }
  }

  func reachEndpoint(_ job: Int32) {
    let endpoint = Int(jobs[job].endpoint)
    let server = servers + endpoint
    if server.pointee.isClosed { return respond(job, status: 0) }
    if jobs[job].request < 0, scenario.clients.cancelsWork { return jobs.give(job) }
    if let errors = server.pointee.errors, isHit(errors.rate, jobs[job].seed) {
      if needsMeters { meters[endpoint].noteError() }
      jobs[job].status = UInt16(truncatingIfNeeded: errors.status)
      if errors.latency == 0 { return answerAtOnce(job) }
      return push(.answers, job, after: errors.latency)
    }
    server.pointee.advance(to: now)
    if server.pointee.isFull { return respond(job, status: 503) }
    var random = Random(seed: jobs[job].seed)
    jobs[job].arrived = now
    jobs[job].place = .served
    jobs[job].arrivalInFlight = UInt32(truncatingIfNeeded: server.pointee.inFlight)
    jobs[job].work = samplers[server.pointee.group].sample(using: &random)
    invariants.arrived(endpoint: endpoint)
    server.pointee.add(job, jobs, now: now)
    setServerTimer(endpoint)
  }

  /// The same requests are hit under every selector.
  private func isHit(_ rate: Double, _ seed: UInt64) -> Bool {
    if rate >= 1 { return true }
    var random = Random(seed: seed, stream: 9)
    return random.uniform() < rate
  }

  func answerAtOnce(_ job: Int32) {
    respond(job, status: Int(jobs[job].status))
  }

  func complete(_ endpoint: Int) {
    let server = servers + endpoint
    server.pointee.advance(to: now)
    guard let job = server.pointee.complete(jobs, now: now) else {
      return timers.cancel(Queue.count + endpoint)
    }
    setServerTimer(endpoint)
    invariants.served(endpoint: endpoint)
    jobs[job].status = 200
    if needsMeters { meters[endpoint].note(jobs[job], now: now) }
    respond(job, status: 200)
  }

  func busy(_ endpoint: Int) -> Double { servers[endpoint].busy - busyBefore[endpoint] }

  // MARK: Probes

  func probeArrived(_ index: Int32) {
    let (node, endpoint) = (Int(probes[index].node), Int(probes[index].endpoint))
    guard !servers[endpoint].isClosed, !servers[endpoint].isHung,
      let delay = paths.transit(node: node, endpoint: endpoint, bytes: 60, using: &network)
    else { return probes.give(index) }
    probes[index].report = meters[endpoint].report(&servers[endpoint], now: now)
    if delay == 0 { return probeAnswered(index) }
    push(.probesBack, index, after: delay)
  }

  func probeAnswered(_ index: Int32) {
    let probe = probes[index]
    probes.give(index)
    let node = Int(probe.node)
    selector.reported(node: node, endpoint: Int(probe.endpoint), report: probe.report, now: clock(node))
  }
}

extension Simulation: SelectorServices {
  var nodeCount: Int { nodes }

  func weight(of endpoint: Int) -> Double { Double(scenario.endpoints[servers[endpoint].group].weight) }

  func probe(node: Int, endpoint: Int) {
    guard let delay = paths.transit(node: node, endpoint: endpoint, bytes: 60, using: &network) else { return }
    let index = probes.take()
    probes[index] = ProbeMessage(node: Int32(truncatingIfNeeded: node), endpoint: Int32(truncatingIfNeeded: endpoint))
    // Never within the selection that sends it.
    push(.probesOut, index, after: delay)
  }

  func expectedLatency(of endpoint: Int) -> Double? {
    servers[endpoint].expectedLatency(work: meanWork[servers[endpoint].group], now: now)
  }
}
