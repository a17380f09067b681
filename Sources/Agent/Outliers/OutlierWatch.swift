// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Policy
import SwerveABI
import SwerveCore

/// Looks at what the kernel has counted and does what no single result tells: ejects endpoints by their rates, and sets
/// right a count of ejected endpoints that a race has left wrong.
///
/// Everything else about breakers the kernel does by itself, also while no agent runs.
struct OutlierWatch {
  /// A service as the kernel knows it.
  struct Target {
    var service: UInt32
    /// Those that take new work.
    var endpoints: [UInt32]
  }

  /// Read record by record: mapped as a whole, the arrays would all count as this process's memory.
  private let tables: Tables
  private let pins: PinLayout
  /// Events of the node at the last look, and whether a service was not well then. Every ejection is an event.
  private var events: UInt64?
  private var isUnwell = false
  /// Services whose policy detects outliers by rate.
  private var detections: [String: TrafficSettings.OutlierDetection] = [:]
  private var rounds: [String: Round] = [:]
  /// Counts of ejected endpoints that were wrong at the last look, by service: a second look tells a race from a leak.
  private var suspects: [UInt32: UInt32] = [:]

  /// The beginning of an interval, and what had been counted then.
  private struct Round {
    var began: UInt64
    var counts: [UInt32: RateDetection.Sample]
  }

  init(_ tables: Tables, _ pins: PinLayout) {
    self.tables = tables
    self.pins = pins
  }

  /// Time between two looks.
  static let interval = Duration.seconds(1)

  mutating func note(_ change: PolicyChange) {
    for service in change.upserted {
      let detection = service.settings.outlierDetection
      let hasRates = detection.successRate != nil || detection.failurePercentage != nil
      detections[service.name] = hasRates ? detection : nil
      if !hasRates { rounds[service.name] = nil }
    }
    for name in change.removed {
      detections[name] = nil
      rounds[name] = nil
    }
  }

  /// To be called every `interval`.
  mutating func look(_ publisher: Publisher) throws(DataplaneError) {
    let now = MonotonicTime.now()
    for (name, detection) in detections {
      guard let target = publisher.target(name) else { continue }
      try detect(name, target, detection, now)
    }
    let written = try tables.node.read(0).events
    defer { events = written }
    guard isUnwell || written != events else { return }
    let unwell = try unwellServices()
    isUnwell = !unwell.isEmpty
    for name in publisher.names(where: { unwell[$0] != nil }) {
      guard let target = publisher.target(name), let counted = unwell[target.service] else { continue }
      try recount(target, counted)
    }
  }

  /// Services with ejected endpoints: how many are counted, by id.
  private func unwellServices() throws(DataplaneError) -> [UInt32: UInt32] {
    var found: [UInt32: UInt32] = [:]
    try tables.serviceStates.forEach(count: Int(SWERVE_SERVICES_MAX)) { id, state in
      if state.ejected != 0 { found[id] = state.ejected }
    }
    return found
  }

  // MARK: Rates

  private mutating func detect(
    _ name: String, _ target: Target, _ detection: TrafficSettings.OutlierDetection, _ now: UInt64
  ) throws(DataplaneError) {
    if let round = rounds[name], now - round.began < UInt64(detection.intervalMilliseconds) * 1_000_000 { return }
    var counts: [UInt32: RateDetection.Sample] = [:]
    for id in target.endpoints { counts[id] = try count(of: id, detection) }
    guard let round = rounds[name] else {
      rounds[name] = Round(began: now, counts: counts)
      return
    }
    rounds[name] = Round(began: now, counts: counts)
    var endpoints: [UInt32] = []
    for id in target.endpoints where try !isEjected(id) { endpoints.append(id) }
    let samples = endpoints.map { id in
      OutlierWatch.difference(
        counts[id] ?? RateDetection.Sample(successes: 0, failures: 0), round.counts[id])
    }
    for (index, cause) in RateDetection(detection: detection).outliers(among: samples) {
      try eject(endpoints[index], of: target.service, for: cause, now)
    }
  }

  /// A pool that was given to the endpoint meanwhile began to count anew.
  private static func difference(
    _ count: RateDetection.Sample, _ before: RateDetection.Sample?
  ) -> RateDetection.Sample {
    guard let before, count.successes >= before.successes, count.failures >= before.failures else { return count }
    return RateDetection.Sample(
      successes: count.successes - before.successes, failures: count.failures - before.failures)
  }

  /// What was counted of an endpoint: its responses in request mode, else its connects.
  private func count(
    of id: UInt32, _ detection: TrafficSettings.OutlierDetection
  ) throws(DataplaneError) -> RateDetection.Sample {
    let state = try tables.endpointStates.read(id)
    let connects = RateDetection.Sample(successes: state.established, failures: state.failed)
    guard state.pool > 0 else { return connects }
    let pool = try tables.pools.read(state.pool - 1)
    guard pool.endpoint == id else { return connects }
    let responses = pool.responses
    let unanswered = detection.splitExternalLocalOriginErrors ? 0 : pool.failed
    return RateDetection.Sample(
      successes: responses.1 + responses.2 + responses.3 + responses.4, failures: responses.5 + unanswered)
  }

  /// The arrays are mapped for as long as this takes.
  private func eject(
    _ endpoint: UInt32, of service: UInt32, for cause: swerve_cause, _ now: UInt64
  ) throws(DataplaneError) {
    guard let cells = try tables.endpointSets.read(service) else { return }
    BreakerControl(try RequestTables(pins)).apply(service: service, endpoint: endpoint, cells: cells) {
      tables, serviceState, state in
      swerve_native_eject(tables, serviceState, state, cause.rawValue, now)
    }
  }

  private func isEjected(_ id: UInt32) throws(DataplaneError) -> Bool {
    try tables.endpointStates.read(id).breaker & UInt64(SWERVE_BREAKER_STATES.rawValue) != 0
  }

  // MARK: Counts

  /// An endpoint may be judged at the very moment it leaves, and be counted as ejected ever after.
  private mutating func recount(_ target: Target, _ counted: UInt32) throws(DataplaneError) {
    var found: UInt32 = 0
    for id in target.endpoints where try isEjected(id) { found += 1 }
    let surplus = counted &- found
    guard surplus != 0 else {
      suspects[target.service] = nil
      return
    }
    if suspects.updateValue(surplus, forKey: target.service) == surplus {
      try tables.uncountEjected(surplus, of: target.service)
      suspects[target.service] = nil
    }
  }
}
