// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI

/// How a run begins.
extension Simulation {
  func makeSelector(_ name: SelectorName) -> any EndpointSelector {
    switch name {
    case .core: return makeCore(nil)
    case .coreWith(let loadBalancer): return makeCore(loadBalancer)
    case .baseline(let baseline, let ejection): return makeBaseline(baseline, ejection: ejection)
    }
  }

  private func makeCore(_ loadBalancer: LoadBalancer?) -> CoreSelector {
    let core = CoreSelector(
      CorePublisher(resolved, loadBalancer: loadBalancer), nodeCount: nodes, endpointCount: endpointCount)
    core.onBreakerChange = { [unowned self] node, endpoint, transition, _ in
      let kind = swerve_event_kind(transition.kind), cause = swerve_cause(transition.cause)
      trace.add(now, UInt64(node) << 40 | UInt64(endpoint) << 16 | UInt64(transition.kind) << 8 | 5)
      invariants.changed(self, node: node, endpoint: endpoint, kind: kind)
      recorder.changed(node: node, endpoint: endpoint, kind: kind, cause: cause, now: now)
      if transition.panic != UInt32(SWERVE_EVENT_NONE.rawValue) {
        recorder.changed(
          node: node, endpoint: nil, kind: swerve_event_kind(transition.panic), cause: SWERVE_CAUSE_EJECTED_ENDPOINTS,
          now: now)
      }
    }
    return core
  }

  private func makeBaseline(_ baseline: SelectorName.Baseline, ejection: Bool) -> any EndpointSelector {
    let selector = SelectorFactory.baseline(baseline, ejection: ejection, services: self)
    if selector.ejects {
      selector.onTransition = { [unowned self] node, endpoint, isEjected, _ in
        recorder.changed(
          node: node, endpoint: endpoint, kind: isEjected ? SWERVE_EVENT_OPEN : SWERVE_EVENT_CLOSED,
          cause: isEjected ? SWERVE_CAUSE_CONSECUTIVE_5XX : SWERVE_CAUSE_EJECTION_TIME, now: now)
      }
    }
    return selector
  }

  func begin(seed: UInt64) {
    if needsMeters { meters = [LoadMeter](repeating: LoadMeter(), count: endpointCount) }
    for node in 0..<nodes { publish(node, before: nil) }
    refresh(Array(0..<endpointCount))
    scheduleTimeline()
    scheduleVariations(seed: seed)
    scheduleRates()
    if scenario.warmup > 0 { schedule(at: scenario.warmup) { $0.noteWarmupEnd() } }
    if selector.needs.tick > 0 { scheduleTick(selector.needs.tick) }
    if isClosedLoop { scheduleClosedLoop() }
    scheduleArrival()
  }

  private func noteWarmupEnd() {
    for endpoint in 0..<endpointCount {
      servers[endpoint].advance(to: now)
      busyBefore[endpoint] = servers[endpoint].busy
    }
  }

  private func scheduleTick(_ interval: UInt64) {
    schedule(at: now + interval) { simulation in
      simulation.selector.tick(now: simulation.now)
      simulation.scheduleTick(interval)
    }
  }

  private func scheduleClosedLoop() {
    for phase in scenario.load {
      guard case .closedLoop = phase.amount else { continue }
      schedule(at: phase.start) { $0.startClosedLoop() }
    }
  }

  // MARK: Variation

  private func scheduleVariations(seed: UInt64) {
    var first = 0
    for (group, settings) in scenario.endpoints.enumerated() {
      if let variation = settings.variation {
        let stream = Random(seed: seed, stream: 100 + UInt64(group))
        varyAll(variation, first..<first + settings.count, stream)
      }
      first += settings.count
    }
  }

  /// Every endpoint begins with a value of its own.
  private func varyAll(_ variation: EndpointGroup.Variation, _ range: Range<Int>, _ stream: Random) {
    var stream = stream
    let factor = Sampler(variation.factor)
    for endpoint in range { faults.vary(endpoint, variation.target, factor: factor.sample(using: &stream)) }
    refresh(Array(range))
    varyLater(variation, range, stream)
  }

  private func varyLater(_ variation: EndpointGroup.Variation, _ range: Range<Int>, _ stream: Random) {
    var stream = stream
    let wait = max(1_000, Sampler(variation.every).nanoseconds(using: &stream))
    if now + wait > scenario.duration { return }
    let (factor, drawn) = (Sampler(variation.factor), stream)
    schedule(at: now + wait) { simulation in
      var stream = drawn
      var changed: [Int] = []
      for endpoint in range where variation.fraction >= 1 || stream.uniform() < variation.fraction {
        simulation.faults.vary(endpoint, variation.target, factor: factor.sample(using: &stream))
        changed.append(endpoint)
      }
      simulation.refresh(changed)
      simulation.varyLater(variation, range, stream)
    }
  }
}

/// Stands in until the real one is made.
final class NoSelector: EndpointSelector {
  func select(_ choice: borrowing Choice) -> Selection { .refused(reason: 0) }
  func sent(node: Int, endpoint: Int, now: UInt64) {}
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {}
}
