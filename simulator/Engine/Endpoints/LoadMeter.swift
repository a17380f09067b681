// SPDX-License-Identifier: Apache-2.0

/// What an endpoint measures of itself for those that ask (ORCA, C3's feedback, Prequal's probes).
struct LoadMeter {
  /// Rates are those of the last whole one.
  private static let period: UInt64 = 500_000_000

  private var latencies = LatencyByLoad()
  private var periodStart: UInt64 = 0
  private var busyAtStart = 0.0
  private var completed = 0
  private var failed = 0
  private var utilization = 0.0
  private var requestsPerSecond = 0.0
  private var errorsPerSecond = 0.0
  private var serviceTime = 0.0

  /// A request was answered.
  mutating func note(_ job: Job, now: UInt64) {
    latencies.add(now - job.arrived, requestsInFlight: job.arrivalInFlight)
    completed += 1
    if job.status == 0 || job.status >= 500 { failed += 1 }
    let duration = Double(now - job.started)
    serviceTime = serviceTime == 0 ? duration : 0.9 * serviceTime + 0.1 * duration
  }

  /// An error that was answered at once.
  mutating func noteError() {
    completed += 1
    failed += 1
  }

  mutating func report(_ server: inout Server, now: UInt64) -> LoadReport {
    server.advance(to: now)
    roll(server, now: now)
    let inFlight = UInt32(clamping: server.inFlight)
    return LoadReport(
      requestsInFlight: inFlight, latency: latencies.median(near: inFlight), utilization: utilization,
      requestsPerSecond: requestsPerSecond, errorsPerSecond: errorsPerSecond, serviceTime: serviceTime)
  }

  private mutating func roll(_ server: borrowing Server, now: UInt64) {
    let elapsed = now - periodStart
    if elapsed < Self.period { return }
    let seconds = Double(elapsed) / 1e9
    utilization = (server.busy - busyAtStart) / Double(elapsed) / server.nominalCores
    requestsPerSecond = Double(completed) / seconds
    errorsPerSecond = Double(failed) / seconds
    (periodStart, busyAtStart, completed, failed) = (now, server.busy, 0, 0)
  }
}
