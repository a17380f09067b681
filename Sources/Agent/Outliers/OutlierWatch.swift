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

  private let records: RequestTables
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

  init(_ records: RequestTables) {
    self.records = records
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
  mutating func look(_ publisher: Publisher) {
    let now = MonotonicTime.now()
    for (name, detection) in detections {
      guard let target = publisher.target(name) else { continue }
      detect(name, target, detection, now)
    }
    // Nothing to recount on a service that is well, which nearly all are.
    let unwell = publisher.names { id in
      records.serviceStates[id].map { swerve_native_load32(&$0.pointee.ejected) != 0 } ?? false
    }
    for target in unwell.compactMap(publisher.target) { recount(target) }
  }

  // MARK: Rates

  private mutating func detect(
    _ name: String, _ target: Target, _ detection: TrafficSettings.OutlierDetection, _ now: UInt64
  ) {
    let counts = Dictionary(
      target.endpoints.map { ($0, count(of: $0, detection)) }, uniquingKeysWith: { first, _ in first })
    guard let round = rounds[name] else {
      rounds[name] = Round(began: now, counts: counts)
      return
    }
    guard now - round.began >= UInt64(detection.intervalMilliseconds) * 1_000_000 else { return }
    rounds[name] = Round(began: now, counts: counts)
    let endpoints = target.endpoints.filter { !isEjected($0) }
    let samples = endpoints.map { id in
      OutlierWatch.difference(
        counts[id] ?? RateDetection.Sample(successes: 0, failures: 0), round.counts[id])
    }
    for (index, cause) in RateDetection(detection: detection).outliers(among: samples) {
      eject(endpoints[index], of: target.service, for: cause, now)
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
  private func count(of id: UInt32, _ detection: TrafficSettings.OutlierDetection) -> RateDetection.Sample {
    guard let state = records.endpointStates[id]?.pointee else {
      return RateDetection.Sample(successes: 0, failures: 0)
    }
    guard state.pool > 0, let pool = records.pools[state.pool - 1]?.pointee, pool.endpoint == id else {
      return RateDetection.Sample(successes: state.established, failures: state.failed)
    }
    let responses = pool.responses
    let unanswered = detection.splitExternalLocalOriginErrors ? 0 : pool.failed
    return RateDetection.Sample(
      successes: responses.1 + responses.2 + responses.3 + responses.4, failures: responses.5 + unanswered)
  }

  private func eject(_ endpoint: UInt32, of service: UInt32, for cause: swerve_cause, _ now: UInt64) {
    guard let cells = try? records.endpointSets.read(service) else { return }
    BreakerControl(records).apply(service: service, endpoint: endpoint, cells: cells) { tables, serviceState, state in
      swerve_native_eject(tables, serviceState, state, cause.rawValue, now)
    }
  }

  private func isEjected(_ id: UInt32) -> Bool {
    guard let state = records.endpointStates[id] else { return false }
    return swerve_native_load64(&state.pointee.breaker) & UInt64(SWERVE_BREAKER_STATES.rawValue) != 0
  }

  // MARK: Counts

  /// An endpoint may be judged at the very moment it leaves, and be counted as ejected ever after.
  private mutating func recount(_ target: Target) {
    guard let service = records.serviceStates[target.service] else { return }
    let counted = swerve_native_load32(&service.pointee.ejected)
    let found = UInt32(target.endpoints.count { isEjected($0) })
    let surplus = counted &- found
    guard surplus != 0 else {
      suspects[target.service] = nil
      return
    }
    if suspects.updateValue(surplus, forKey: target.service) == surplus {
      _ = swerve_native_add32(&service.pointee.ejected, 0 &- surplus)
      suspects[target.service] = nil
    }
  }
}
