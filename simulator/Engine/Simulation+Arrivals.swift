// SPDX-License-Identifier: Apache-2.0

/// Requests that begin.
extension Simulation {
  /// Whether nothing will come any more.
  var hasArrived: Bool { nextArrival == nil && thinking == 0 }

  func scheduleArrival() {
    nextArrival = arrivals.next()
    if let time = nextArrival {
      timers.set(Queue.arrivals.rawValue, at: time)
    } else {
      timers.cancel(Queue.arrivals.rawValue)
    }
  }

  func arrive() {
    let client = arrivals.client()
    let seed = arrivals.seed()
    scheduleArrival()
    begin(client: client, seed: seed)
  }

  @inline(__always)
  private func begin(client: Int, seed: UInt64) {
    let index = requests.take()
    let node = client % nodes
    let isMeasured = now >= scenario.warmup
    let list = scenario.clients.replicas > 0 ? Int(seed.multipliedFullWidth(by: UInt64(endpointCount)).high) : 0
    let request = requests.elements + Int(index)
    let generation = request.pointee.generation &+ 1
    let step = request.pointee.step &+ 1
    request.pointee = Request(
      began: now, seed: seed, client: Int32(truncatingIfNeeded: client), node: Int32(truncatingIfNeeded: node),
      list: Int32(truncatingIfNeeded: list), generation: generation, step: step, isOpen: true, isMeasured: isMeasured)
    openByNode[node] += 1
    invariants.requestBegan()
    if deadline > 0 { push(.deadlines, index, detail: generation, after: deadline) }
    attempt(index)
  }

  // MARK: Closed loop

  /// Clients of a closed loop begin, spread over one pause.
  func startClosedLoop() {
    guard let pause = scenario.thinkTime(at: now) else { return }
    let sampler = Sampler(pause)
    for client in 0..<clientCount {
      let spread = UInt64(thinkRandom.uniform() * Double(max(1_000, sampler.nanoseconds(using: &thinkRandom))))
      thinking += 1
      push(.thinks, Int32(client), after: spread)
    }
  }

  func think(_ message: Message) {
    thinking -= 1
    guard now < scenario.duration else { return }
    begin(client: Int(message.subject), seed: thinkRandom.next())
  }

  /// The client of a closed loop has its answer.
  @inline(__always)
  func pause(client: Int32) {
    guard isClosedLoop, let pause = scenario.thinkTime(at: now), now < scenario.duration else { return }
    thinking += 1
    // Never nothing, or an endpoint that fails at once would stop the time.
    push(.thinks, client, after: max(1_000, Sampler(pause).nanoseconds(using: &thinkRandom)))
  }
}
