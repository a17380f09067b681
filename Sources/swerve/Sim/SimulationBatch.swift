// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testbed

/// Runs on all cores, with a line that tells how far they are, until Ctrl-C or SIGTERM.
enum SimulationBatch {
  /// - Parameter isQuiet: nothing on standard error.
  /// - Throws: `TestbedError` when it was interrupted.
  static func run(_ jobs: [SimulationJob], isQuiet: Bool) throws -> [RunResult] {
    Interruption.watch()
    let started = MonotonicClock.nanoseconds
    let progress = ShareProgress(isQuiet: isQuiet)
    let results = SimulationRunner.run(jobs) { share in
      progress.update(share)
      return (try? Interruption.check()) != nil
    }
    progress.finish()
    try Interruption.check()
    guard let results else { throw TestbedError("simulate", reason: "a run did not come to its end") }
    if !isQuiet, !jobs.isEmpty { ProgressLine.note(speed(results, nanoseconds: MonotonicClock.nanoseconds - started)) }
    return results
  }

  private static func speed(_ results: [RunResult], nanoseconds: UInt64) -> String {
    let requests = results.reduce(0) { $0 + $1.requestCount }
    let rate = Double(requests) / (Double(max(1, nanoseconds)) / 1e9)
    let speed =
      rate < 1e6 ? "\(Text.significant(rate / 1e3)) thousand" : "\(Text.significant(rate / 1e6)) million"
    return "\(Text.count(results.count, of: "run")), \(Text.count(requests, of: "request")) in "
      + "\(Text.duration(nanoseconds)): \(speed) requests/s"
  }
}
