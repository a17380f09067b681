// SPDX-License-Identifier: Apache-2.0

/// Connection mode: an endpoint is selected for each connection, and requests follow each other on it.
extension Simulation {
  /// On an idle connection of the client, the one used last, or on a new one.
  func attemptOnConnection(_ index: Int32) {
    let client = Int(requests[index].client)
    if let connection = takeIdle(client) { return send(index, on: connection) }
    let request = requests.elements + Int(index)
    let node = Int(request.pointee.node)
    switch select(request, node) {
    case .endpoint(let endpoint): open(index, to: endpoint)
    case .refused(let reason): finish(index, .refused(reason))
    case .wait(let until):
      request.pointee.step &+= 1
      push(.wakeUps, index, detail: request.pointee.step, after: max(1_000, until > now ? until - now : 0))
    }
  }

  /// Those that were idle for too long are closed on the way.
  private func takeIdle(_ client: Int) -> Int32? {
    while case let connection = idleByClient[client], connection >= 0 {
      idleByClient[client] = connections[connection].next
      connections[connection].isIdle = false
      if now - connections[connection].lastUsed <= scenario.clients.keepAlive { return connection }
      close(connection, isUnconnected: false)
    }
    return nil
  }

  private func open(_ index: Int32, to endpoint: Int) {
    let connection = connections.take()
    let node = requests[index].node
    connections[connection] = Connection(
      client: requests[index].client, node: node, endpoint: Int32(truncatingIfNeeded: endpoint),
      incarnation: incarnations[Int(node) * endpointCount + endpoint], begunClock: clock(Int(node)))
    openConnections.insert(connection)
    let job = newJob(index, to: endpoint)
    jobs[job].connection = connection
    selector.sent(node: Int(node), endpoint: endpoint, now: clock(Int(node)))
    invariants.sent(node: Int(node), endpoint: endpoint)
    connections[connection].uses = 1
    connections[connection].request = index
    connect(job)
  }

  private func send(_ index: Int32, on connection: Int32) {
    let job = newJob(index, to: Int(connections[connection].endpoint))
    jobs[job].connection = connection
    connections[connection].uses += 1
    connections[connection].request = index
    transmit(job)
  }

  /// The request on a connection is over.
  func answered(on attempt: Job, isUsable: Bool) {
    let connection = attempt.connection
    let limit = scenario.clients.requestsPerConnection
    let isUsedUp = limit > 0 && connections[connection].uses >= limit
    guard isUsable, !isUsedUp else {
      return close(connection, isUnconnected: attempt.isUnconnected)
    }
    let client = Int(connections[connection].client)
    connections[connection].lastUsed = now
    connections[connection].isIdle = true
    connections[connection].next = idleByClient[client]
    idleByClient[client] = connection
  }

  func close(_ connection: Int32, isUnconnected hasFailed: Bool) {
    let closed = connections[connection]
    let (node, endpoint) = (Int(closed.node), Int(closed.endpoint))
    let isUnconnected = hasFailed && closed.incarnation == incarnations[node * endpointCount + endpoint]
    connections.give(connection)
    openConnections.remove(connection)
    let failure = isUnconnected ? BreakerModel.Result(isSuccess: false, started: closed.begunClock) : nil
    invariants.finished(node: node, endpoint: endpoint, failure, isUnconnected: isUnconnected)
    selector.finished(
      node: node, endpoint: endpoint,
      result: SelectorResult(
        status: isUnconnected ? 0 : 200, latency: clock(node) &- closed.begunClock, isUnconnected: isUnconnected),
      now: clock(node))
    if let core { invariants.check(core, node: node, endpoint: endpoint) }
  }

  /// The node has learnt that the endpoint is gone: its connections are closed, as SOCK_DESTROY does. Requests on them
  /// are reset.
  func closeAll(node: Int, endpoint: Int) {
    let affected = openConnections.sorted().filter {
      Int(connections[$0].node) == node && Int(connections[$0].endpoint) == endpoint
    }
    for connection in affected where connections[connection].isIdle { closeIdle(connection) }
    for connection in affected where openConnections.contains(connection) { reset(connection) }
  }

  func closeIdle(_ connection: Int32) {
    let client = Int(connections[connection].client)
    if idleByClient[client] == connection {
      idleByClient[client] = connections[connection].next
    } else {
      var place = idleByClient[client]
      while place >= 0, connections[place].next != connection { place = connections[place].next }
      if place >= 0 { connections[place].next = connections[connection].next }
    }
    connections[connection].isIdle = false
    close(connection, isUnconnected: false)
  }
}
