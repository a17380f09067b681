// SPDX-License-Identifier: Apache-2.0

import SwerveABI

/// Collects what a run brings, while it runs.
final class Recorder {
  private let scenario: Scenario
  private let windowNanoseconds: UInt64
  private let windowCount: Int
  private var outcomes = Outcomes()
  private var refusals = [Int](repeating: 0, count: Int(SWERVE_REASON_COUNT.rawValue))
  private var latency = LatencyHistogram()
  private var windows: [Window]
  private var sent: [Int]
  private var failed: [Int]
  private var sentByWindow: [Int]
  private var ejectedNodes: [Int]
  private var ejectedByWindow: [Double] = []
  private var sampledWindows = 0
  private(set) var transitions: [Transition] = []
  var faults: [FaultBand] = []
  private let expectations: ExpectationWatch
  private let expects: Bool
  private let selector: SelectorName
  private let seed: UInt64

  /// Windows that a run is divided into.
  static let windowsMax: UInt64 = 120

  init(_ scenario: Scenario, _ selector: SelectorName, seed: UInt64) {
    self.scenario = scenario
    self.selector = selector
    self.seed = seed
    expects = !scenario.expectations.isEmpty
    expectations = ExpectationWatch(scenario, selector: selector)
    windowNanoseconds = max(1, (scenario.duration + Self.windowsMax - 1) / Self.windowsMax)
    windowCount = Int((scenario.duration + windowNanoseconds - 1) / windowNanoseconds)
    windows = [Window](repeating: Window(), count: windowCount)
    let endpoints = scenario.endpointCount
    sent = [Int](repeating: 0, count: endpoints)
    failed = sent
    ejectedNodes = sent
    sentByWindow = [Int](repeating: 0, count: endpoints * windowCount)
  }

  @inline(__always)
  private func window(_ time: UInt64) -> Int { min(Int(time / windowNanoseconds), windowCount - 1) }

  // MARK: While it runs

  @inline(__always)
  func attemptSent(_ endpoint: Int, isMeasured: Bool, now: UInt64) {
    sentByWindow[endpoint * windowCount + window(now)] += 1
    if expects { expectations.attemptSent(endpoint: endpoint, at: now) }
    if isMeasured { sent[endpoint] += 1 }
  }

  @inline(__always)
  func attemptFailed(_ endpoint: Int) { failed[endpoint] += 1 }

  func retried() { outcomes.retries += 1 }

  @inline(__always)
  func requestEnded(began: UInt64, now: UInt64, _ end: RequestEnd, isMeasured: Bool) {
    let window = window(began)
    let taken = now - began
    windows[window].requests += 1
    windows[window].latency.add(taken)
    if end.isFailure { windows[window].failures += 1 }
    if expects { tell(began: began, now: now, end) }
    guard isMeasured else { return }
    latency.add(taken)
    switch end {
    case .success: outcomes.successes += 1
    case .fallback: outcomes.fallbacks += 1
    case .status: outcomes.statuses += 1
    case .reset: outcomes.resets += 1
    case .timeout: outcomes.timeouts += 1
    case .refused(let reason): refusals[Int(reason)] += 1
    }
  }

  private func tell(began: UInt64, now: UInt64, _ end: RequestEnd) {
    expectations.requestEnded(began: began, ended: now, failed: end.isFailure, latency: now - began)
    if case .refused(let reason) = end {
      expectations.requestRefused(reason: EventName.reason(reason), began: began)
    }
  }

  /// A breaker of a node has changed; of the service, without an endpoint.
  func changed(node: Int, endpoint: Int?, kind: swerve_event_kind, cause: swerve_cause, now: UInt64) {
    sample(upTo: now)
    if let endpoint {
      if kind == SWERVE_EVENT_OPEN, cause != SWERVE_CAUSE_PROBE_FAILED { eject(node, endpoint, true, now) }
      if kind == SWERVE_EVENT_CLOSED { eject(node, endpoint, false, now) }
    }
    guard transitions.count < RunResult.transitionsMax else { return }
    transitions.append(
      Transition(
        time: now, node: node, endpoint: endpoint, kind: EventName.kind(kind), cause: EventName.cause(cause)))
  }

  /// A node has forgotten the endpoint with its breaker.
  func forgot(node: Int, endpoint: Int, now: UInt64) {
    sample(upTo: now)
    eject(node, endpoint, false, now)
  }

  private func eject(_ node: Int, _ endpoint: Int, _ isEjected: Bool, _ now: UInt64) {
    ejectedNodes[endpoint] += isEjected ? 1 : -1
    expectations.ejectionChanged(node: node, endpoint: endpoint, isEjected: isEjected, at: now)
  }

  /// Ends of windows up to `now`: breakers are as they are.
  private func sample(upTo now: UInt64) {
    while sampledWindows < windowCount, UInt64(sampledWindows + 1) * windowNanoseconds <= now {
      for count in ejectedNodes { ejectedByWindow.append(Double(count) / Double(scenario.clients.nodes)) }
      sampledWindows += 1
    }
  }

  // MARK: Afterwards

  func result(_ simulation: Simulation) -> RunResult {
    var result = RunResult(
      scenario: scenario.name, selector: selector, seed: seed, windowNanoseconds: windowNanoseconds)
    sample(upTo: .max)
    for (reason, count) in refusals.enumerated() where count > 0 {
      outcomes.refusals[EventName.reason(UInt32(reason))] = count
    }
    result.outcomes = outcomes
    result.latency = latency
    result.windows = windows
    result.faults = faults
    result.verdicts = expectations.verdicts()
    result.transitions = transitions
    result.traceHash = simulation.trace.value
    let counted = Double(scenario.duration - scenario.warmup)
    var index = 0
    for group in scenario.endpoints {
      for place in 0..<group.count {
        var endpoint = EndpointResult(name: "\(group.name)-\(place)", group: group.name)
        endpoint.sent = sent[index]
        endpoint.failed = failed[index]
        endpoint.sentByWindow = Array(sentByWindow[index * windowCount..<(index + 1) * windowCount])
        if !transitions.isEmpty {
          endpoint.ejectedByWindow = (0..<windowCount).map { ejectedByWindow[$0 * sent.count + index] }
        }
        endpoint.utilization = simulation.busy(index) / counted / simulation.servers[index].nominalCores
        result.endpoints.append(endpoint)
        index += 1
      }
    }
    return result
  }
}
