// SPDX-License-Identifier: Apache-2.0

/// What an endpoint measures of itself for those that ask (ORCA, C3's feedback, Prequal's probes).
struct LoadMeter {
  private struct Sample {
    var inFlight: UInt32 = 0
    var latency: UInt64 = 0
  }

  private static let samplesMax = 64
  /// Prequal takes the median of the recent latencies at or near the present number of requests in flight.
  private static let samplesWanted = 8
  /// Rates are those of the last whole one.
  private static let period: UInt64 = 500_000_000

  private var samples = [Sample](repeating: Sample(), count: samplesMax)
  private var sampleCount = 0
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
    samples[sampleCount % Self.samplesMax] = Sample(inFlight: job.arrivalInFlight, latency: now - job.arrived)
    sampleCount += 1
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
      requestsInFlight: inFlight, latency: median(near: inFlight), utilization: utilization,
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

  private func median(near inFlight: UInt32) -> UInt64 {
    let count = min(sampleCount, Self.samplesMax)
    if count == 0 { return 0 }
    // The distance within which there are enough; twice as far each time.
    var distance: UInt32 = 0
    while true {
      var near: [UInt64] = []
      for sample in samples[..<count] {
        let difference = sample.inFlight > inFlight ? sample.inFlight - inFlight : inFlight - sample.inFlight
        if difference <= distance { near.append(sample.latency) }
      }
      if near.count >= min(Self.samplesWanted, count) {
        near.sort()
        return near[near.count / 2]
      }
      distance = max(1, distance * 2)
    }
  }
}
