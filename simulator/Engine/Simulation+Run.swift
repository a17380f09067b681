// SPDX-License-Identifier: Apache-2.0

/// The loop.
extension Simulation {
  /// Events between two calls of `progress`.
  private static let progressInterval = 1 << 18

  /// Runs to the end. To be called once.
  ///
  /// - Parameter progress: called now and then with the share of the duration that is simulated; false ends the run, and
  ///   nil is returned.
  public func run(progress: (Double) -> Bool = { _ in true }) -> RunResult? {
    let end = scenario.duration &+ Self.drainMax
    var events = 0
    while true {
      let timer = timers.next
      if timer < 0 { break }
      let time = timers.time(of: timer)
      if requests.count == 0, time >= scenario.duration, hasArrived { break }
      if time > end { break }
      now = time
      handle(timer)
      events += 1
      if events % Self.progressInterval == 0,
        !progress(min(1, Double(now) / Double(scenario.duration)))
      {
        return nil
      }
    }
    giveUpAll()
    invariants.end(self)
    var result = recorder.result(self)
    result.eventCount = events
    result.requestCount = invariants.requests
    result.violations = invariants.violations
    return result
  }

  @inline(__always)
  private func handle(_ timer: Int) {
    let firstServer = Queue.count
    if timer >= firstServer { return complete(timer - firstServer) }
    guard let queue = Queue(rawValue: timer) else { return }
    switch queue {
    case .control: runControl()
    case .arrivals: arrive()
    case .toEndpoint: reachEndpoint(Int32(bitPattern: pop(queue).subject))
    case .answers: answerAtOnce(Int32(bitPattern: pop(queue).subject))
    case .toClient: reachClient(Int32(bitPattern: pop(queue).subject))
    case .connects: connected(Int32(bitPattern: pop(queue).subject))
    case .wakeUps: wake(pop(queue))
    case .thinks: think(pop(queue))
    case .tries: tryTimedOut(pop(queue))
    case .deadlines: deadlinePassed()
    case .probesOut: probeArrived(Int32(bitPattern: pop(queue).subject))
    case .probesBack: probeAnswered(Int32(bitPattern: pop(queue).subject))
    }
  }

  // MARK: Queues

  @inline(__always)
  func push(_ queue: Queue, _ subject: Int32, detail: UInt32 = 0, after delay: UInt64) {
    let messages = queues + queue.rawValue
    messages.pointee.push(Message(time: now + delay, subject: UInt32(bitPattern: subject), detail: detail))
    timers.set(queue.rawValue, at: messages.pointee.nextTime)
  }

  @inline(__always)
  func pop(_ queue: Queue) -> Message {
    let messages = queues + queue.rawValue
    let message = messages.pointee.pop()
    if messages.pointee.isEmpty {
      timers.cancel(queue.rawValue)
    } else {
      timers.set(queue.rawValue, at: messages.pointee.nextTime)
    }
    return message
  }

  /// Has something done at a time that is not before now.
  func schedule(at time: UInt64, _ action: @escaping ControlQueue.Action) {
    control.push(at: max(time, now), action)
    timers.set(Queue.control.rawValue, at: control.nextTime)
  }

  private func runControl() {
    let action = control.pop()
    if control.nextTime == .max {
      timers.cancel(Queue.control.rawValue)
    } else {
      timers.set(Queue.control.rawValue, at: control.nextTime)
    }
    action?(self)
  }

  @inline(__always)
  func clock(_ node: Int) -> UInt64 { now &+ clockOffsets[node] &+ Self.epoch }

  /// Clocks do not begin at 0, which means "never" in the tables.
  private static let epoch: UInt64 = 1_000_000_000_000
}
