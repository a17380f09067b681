// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI

/// What the nodes' agents do: publish what discovery says, and look at rates.
extension Simulation {
  /// Nodes learn of the present endpoints after the discovery delay.
  func discoverLater() {
    schedule(at: now + scenario.agent.discoveryDelay) { $0.discover() }
  }

  private func discover() {
    for (node, before) in membership.discover() { publish(node, before: before) }
  }

  /// The node decides by its view from now on.
  func publish(_ node: Int, before: EndpointView?) {
    let view = membership.views[node]
    candidates[node] = view.lists.baseAddress ?? candidates[node]
    invariants.published(view, node: node)
    let gone = (0..<endpointCount).filter { before?.isKnown[$0] == true && !view.isKnown[$0] }
    for endpoint in gone {
      if invariants.left(node: node, endpoint: endpoint) { recorder.forgot(node: node, endpoint: endpoint, now: now) }
      incarnations[node * endpointCount + endpoint] &+= 1
      pools.drop(node: node, endpoint: endpoint)
      selector.left(node: node, endpoint: endpoint, now: clock(node))
    }
    if let before, settings.warmup != nil, before.isKnown.contains(true) {
      for endpoint in 0..<endpointCount where view.isKnown[endpoint] && !before.isKnown[endpoint] {
        invariants.warmsUp(node: node, endpoint: endpoint, since: clock(node))
      }
    }
    // One for each zone, or the same for all.
    let zones = resolved.servicesByZone.count
    core?.publish(view, before: before, zone: node % zones, to: node, now: clock(node))
    // As the agent does it: first what is decided by, then the connections that are left.
    guard scenario.clients.mode == .connection else { return }
    for endpoint in gone { closeAll(node: node, endpoint: endpoint) }
  }

  // MARK: Rates

  func scheduleRates() {
    guard let rates else { return }
    schedule(at: now + rates.interval) { $0.lookAtRates() }
  }

  /// What is looked at is as old as the report delay.
  private func lookAtRates() {
    guard let samples = rates?.takeSamples() else { return }
    schedule(at: now + scenario.agent.reportDelay) { $0.judgeRates(samples) }
    scheduleRates()
  }

  private func judgeRates(_ samples: [RateDetection.Sample]) {
    guard let rates, let core else { return }
    for node in 0..<nodes where !membership.isAgentAway[node] {
      let known = (0..<endpointCount).filter {
        membership.views[node].isKnown[$0] && !core.isEjected(node: node, endpoint: $0)
      }
      let ofNode = known.map { samples[node * endpointCount + $0] }
      invariants.result = nil
      for (index, cause) in rates.detection.outliers(among: ofNode) {
        core.eject(node: node, endpoint: known[index], cause: cause, now: clock(node))
      }
    }
  }
}
