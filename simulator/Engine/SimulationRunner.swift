// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// One run that is wanted.
public struct SimulationJob: Sendable {
  public var resolved: ResolvedScenario
  public var selector: SelectorName
  /// What the policy files of `resolved` are called in the result; nil: they are the scenario's own.
  public var policy: String?
  public var seed: UInt64

  public init(_ resolved: ResolvedScenario, selector: SelectorName, policy: String? = nil, seed: UInt64) {
    self.resolved = resolved
    self.selector = selector
    self.policy = policy
    self.seed = seed
  }
}

/// Runs simulations side by side on all cores. Each is on one thread from its beginning to its end, so that how many
/// there are changes nothing about any of them.
public enum SimulationRunner {
  private struct Tally {
    var results: [RunResult?]
    /// Of each job, 0 to 1.
    var shares: [Double]
    var done = 0.0
  }

  /// - Parameter progress: called by any of the threads with the share of all the work that is done, now and then; false
  ///   ends all runs.
  /// - Returns: results in the order of the jobs; nil when `progress` ended the runs.
  public static func run(
    _ jobs: [SimulationJob], progress: @Sendable (Double) -> Bool = { _ in true }
  ) -> [RunResult]? {
    if jobs.isEmpty { return [] }
    let weights = jobs.map { max(1, $0.resolved.scenario.requestsExpected) }
    let all = weights.reduce(0, +)
    let tally = Mutex(
      Tally(results: [RunResult?](repeating: nil, count: jobs.count), shares: [Double](repeating: 0, count: jobs.count))
    )
    let isEnded = Atomic(false)
    // The largest first: what is left at the end, when cores have nothing more to do, is small.
    let order = jobs.indices.sorted { (weights[$1], $0) < (weights[$0], $1) }
    DispatchQueue.concurrentPerform(iterations: jobs.count) { turn in
      let index = order[turn]
      func tell(_ share: Double) -> Bool {
        if isEnded.load(ordering: .relaxed) { return false }
        let done = tally.withLock { tally -> Double in
          tally.done += (share - tally.shares[index]) * weights[index]
          tally.shares[index] = share
          return tally.done / all
        }
        if progress(done) { return true }
        isEnded.store(true, ordering: .relaxed)
        return false
      }
      guard tell(0) else { return }
      let job = jobs[index]
      let result = Simulation(job.resolved, selector: job.selector, seed: job.seed).run(progress: tell)
      guard var result else { return }
      result.policy = job.policy
      tally.withLock { $0.results[index] = result }
      _ = tell(1)
    }
    let results = tally.withLock { $0.results.compactMap { $0 } }
    return results.count == jobs.count ? results : nil
  }
}

extension Scenario {
  /// About how many requests there will be: to tell how long runs take, compared with each other.
  public var requestsExpected: Double {
    let ends = load.dropFirst().map(\.start) + [duration]
    return zip(load, ends).reduce(0) { sum, phase in
      let seconds = Double(phase.1 - min(phase.0.start, phase.1)) / 1e9
      return sum + seconds * expectedRate(phase.0.amount)
    }
  }

  private func expectedRate(_ amount: LoadPhase.Amount) -> Double {
    guard case .closedLoop(let think) = amount else { return requestsPerSecond(amount) }
    let cycle = think.mean + work.mean + 2 * network.path.latency.mean
    return Double(clients.count) * 1e9 / max(1_000, cycle)
  }
}
