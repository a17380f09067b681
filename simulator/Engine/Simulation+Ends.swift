// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import SwerveCore

/// How attempts and requests end.
extension Simulation {
  // MARK: Attempts

  /// The response of an attempt is back, or that there will be none.
  func reachClient(_ job: Int32) {
    let index = jobs[job].request
    guard index >= 0 else { return jobs.give(job) }
    let attempt = jobs[job]
    jobs.give(job)
    let (node, endpoint) = (Int(attempt.node), Int(attempt.endpoint))
    let status = attempt.isUnconnected ? 0 : Int(attempt.status)
    trace.add(now, UInt64(UInt32(bitPattern: index)) << 32 | UInt64(status) << 16 | 1)
    invariants.answered(isAwaited: requests[index].isOpen && requests[index].job == job)
    requests[index].job = -1
    if status == 0 || status >= 500, attempt.isMeasured { recorder.attemptFailed(endpoint) }
    if attempt.connection >= 0 {
      answered(on: attempt, isUsable: status != 0)
    } else {
      let clock = clock(node)
      conclude(
        attempt,
        SelectorResult(status: status, latency: clock &- attempt.sentClock, isUnconnected: attempt.isUnconnected))
      if needsReports, status != 0 {
        let report = meters[endpoint].report(&servers[endpoint], now: now)
        selector.reported(node: node, endpoint: endpoint, report: report, now: clock)
      }
      if !pools.isIrrelevant { giveBack(node, endpoint, isReusable: status != 0) }
    }
    settle(index, status: status, isUnconnected: attempt.isUnconnected)
  }

  /// Tells the selector that an attempt is over: exactly once for each that was sent.
  @inline(__always)
  func conclude(_ attempt: Job, _ outcome: SelectorResult) {
    let (node, endpoint) = (Int(attempt.node), Int(attempt.endpoint))
    var result = outcome
    if attempt.incarnation != incarnations[node * endpointCount + endpoint] {
      // It has left meanwhile, and what has its place now may be another.
      result = SelectorResult(status: 0, latency: outcome.latency, isAbandoned: true)
    }
    let judged =
      result.isAbandoned ? nil : BreakerModel.Result(isSuccess: result.isSuccess, started: attempt.sentClock)
    invariants.finished(node: node, endpoint: endpoint, judged)
    rates?.note(node: node, endpoint: endpoint, result)
    selector.finished(node: node, endpoint: endpoint, result: result, now: clock(node))
    if let core { invariants.check(core, node: node, endpoint: endpoint) }
  }

  @inline(__always)
  func conclude(_ job: Int32, _ result: SelectorResult) { conclude(jobs[job], result) }

  private func giveBack(_ node: Int, _ endpoint: Int, isReusable: Bool) {
    pools.giveBack(node: node, endpoint: endpoint, isReusable: isReusable, now: now)
    invariants.returned(node: node)
    guard let next = pools.nextWaiting(node: node) else { return }
    let request = requests.elements + Int(next)
    request.pointee.isPending = false
    invariants.ceasedToWait(node: node)
    let job = request.pointee.job
    // Where somebody else was faster it waits on, however many there are.
    if !proceed(job, pools.lease(node: node, endpoint: Int(jobs[job].endpoint), now: now)) { _ = proceed(job, .wait) }
  }

  // MARK: Requests

  /// What an answer, or none, means for the request: the end, or another attempt.
  private func settle(_ index: Int32, status: Int, isUnconnected: Bool) {
    if status != 0, status < 500 { return finish(index, .success) }
    if isRetriable(status: status, isUnconnected: isUnconnected), retry(index) { return }
    finish(index, status == 0 ? .reset : .status)
  }

  private func isRetriable(status: Int, isUnconnected: Bool) -> Bool {
    let conditions = settings.request.retryOn
    if isUnconnected { return conditions.contains(.connectFailure) || conditions.contains(.serverError) }
    return swerve_native_is_retriable(UInt32(status), conditions.rawValue) != 0
  }

  /// Tries again after a while, if the policy has attempts and room left.
  private func retry(_ index: Int32) -> Bool {
    let request = requests.elements + Int(index)
    let node = Int(request.pointee.node)
    guard request.pointee.retries < settings.request.retryAttempts else { return false }
    if !request.pointee.holdsRetry {
      guard hasRetryRoom(node) else { return false }
      request.pointee.holdsRetry = true
      retriesByNode[node] += 1
      invariants.retryBegan(node: node)
    }
    request.pointee.retries += 1
    invariants.retried(node: node, number: request.pointee.retries)
    request.pointee.step &+= 1
    if request.pointee.isMeasured { recorder.retried() }
    let delay = swerve_native_retry_delay_ns(
      settings.request.retryBackoffMilliseconds, request.pointee.retries, network.next())
    push(.wakeUps, index, detail: request.pointee.step, after: delay)
    return true
  }

  private func hasRetryRoom(_ node: Int) -> Bool {
    var policy = swerve_request_policy()
    policy.max_retries = settings.request.maxRetries
    if let budget = settings.request.retryBudget {
      policy.budget_percent = UInt16(clamping: budget.budgetPercent)
      policy.budget_min = UInt16(clamping: budget.minRetryConcurrency)
    }
    return swerve_native_has_retry_room(&policy, retriesByNode[node], openByNode[node]) != 0
  }

  func wake(_ message: Message) {
    let index = Int32(bitPattern: message.subject)
    guard requests[index].isOpen, requests[index].step == message.detail else { return }
    attempt(index)
  }

  @inline(__always)
  func finish(_ index: Int32, _ end: RequestEnd) {
    let request = requests[index]
    let node = Int(request.node)
    if request.holdsRetry {
      retriesByNode[node] -= 1
      invariants.retryEnded(node: node)
    }
    openByNode[node] -= 1
    requests[index].isOpen = false
    requests.give(index)
    trace.add(now, UInt64(UInt32(bitPattern: index)) << 32 | end.number << 8 | 2)
    invariants.requestEnded(node: node, wasOpen: request.isOpen)
    recorder.requestEnded(began: request.began, now: now, end, isMeasured: request.isMeasured)
    if isClosedLoop { pause(client: request.client) }
  }

  // MARK: Time

  /// Deadlines that are due; those of requests that are over are passed by, so that each costs next to nothing.
  func deadlinePassed() {
    let messages = queues + Queue.deadlines.rawValue
    while messages.pointee.nextTime <= now {
      let message = messages.pointee.pop()
      let index = Int32(bitPattern: message.subject)
      if requests[index].isOpen, requests[index].generation == message.detail {
        abandon(index, .timeout, isClients: isDeadlineClients)
      }
    }
    while !messages.pointee.isEmpty, case let message = messages.pointee.first,
      case let request = requests[Int32(bitPattern: message.subject)],
      !request.isOpen || request.generation != message.detail
    {
      _ = messages.pointee.pop()
    }
    if messages.pointee.isEmpty {
      timers.cancel(Queue.deadlines.rawValue)
    } else {
      timers.set(Queue.deadlines.rawValue, at: messages.pointee.nextTime)
    }
  }

  /// The time of one attempt is over: `perTryTimeout`.
  func tryTimedOut(_ message: Message) {
    let index = Int32(bitPattern: message.subject)
    let request = requests.elements + Int(index)
    guard request.pointee.isOpen, request.pointee.step == message.detail, request.pointee.job >= 0 else { return }
    if isRetriable(status: 504, isUnconnected: false), request.pointee.retries < settings.request.retryAttempts,
      request.pointee.holdsRetry || hasRetryRoom(Int(request.pointee.node))
    {
      leaveJob(index, isAbandoned: false)
      if retry(index) { return }
    }
    abandon(index, .timeout, isClients: false)
  }

  /// Nobody waits for the request any more.
  private func abandon(_ index: Int32, _ end: RequestEnd, isClients: Bool) {
    leaveJob(index, isAbandoned: isClients)
    finish(index, end)
  }

  /// Leaves the attempt under way to itself; its connection is closed.
  private func leaveJob(_ index: Int32, isAbandoned: Bool) {
    let job = requests[index].job
    guard job >= 0 else { return }
    requests[index].job = -1
    let attempt = jobs[job]
    let (node, endpoint) = (Int(attempt.node), Int(attempt.endpoint))
    jobs[job].request = -1
    if attempt.isMeasured { recorder.attemptFailed(endpoint) }
    if attempt.connection >= 0 {
      close(attempt.connection, isUnconnected: false)
    } else {
      let latency = clock(node) &- attempt.sentClock
      conclude(attempt, SelectorResult(status: 0, latency: latency, isAbandoned: isAbandoned))
      if requests[index].isPending {
        requests[index].isPending = false
        pools.stopWaiting(index, node: node)
        invariants.ceasedToWait(node: node)
        return jobs.give(job)
      }
      if !pools.isIrrelevant { giveBack(node, endpoint, isReusable: false) }
    }
    if attempt.place == .lost { return jobs.give(job) }
    if attempt.place == .served, scenario.clients.cancelsWork {
      servers[endpoint].cancel(job, jobs, now: now)
      invariants.cancelled(endpoint: endpoint)
      setServerTimer(endpoint)
    }
  }

  /// A connection is cut while a request is under way on it.
  func reset(_ connection: Int32) {
    let index = connections[connection].request
    leaveJob(index, isAbandoned: false)
    settle(index, status: 0, isUnconnected: false)
  }

  /// The run is over: what is still under way never ends by itself.
  func giveUpAll() {
    var index: Int32 = 0
    // Giving one up may end others: what waits for its connection.
    while requests.count > 0 {
      if requests[index].isOpen { abandon(index, .timeout, isClients: true) }
      index += 1
    }
    for connection in openConnections.sorted() { closeIdle(connection) }
  }
}
