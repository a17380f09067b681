// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Glibc
internal import Synchronization

/// Hunts for violations of invariants: a swarm of random cases on all cores, and the smallest form of what it finds.
public struct Search: Sendable {
  public var firstSeed: UInt64
  public var count: Int
  /// The search ends when so many seeds have failed.
  public var findingsMax = 1
  /// Of so many seeds one is run twice, and has to give the same run; 0: none.
  public var repeatEvery: UInt64 = 16
  /// Runs spent on making one finding smaller.
  public var runsMax = 3_000

  public init(firstSeed: UInt64 = 1, count: Int) {
    self.firstSeed = firstSeed
    self.count = count
  }

  /// A seed with a violation.
  public struct Finding: Sendable {
    public var seed: UInt64
    /// Of the seed's own case.
    public var violation: Violation
    public var original: SwarmCase
    /// As small as it could be made, with a violation of the same invariant.
    public var minimised: SwarmCase
    public var minimisedViolation: Violation
    /// Runs that took.
    public var runs: Int
  }

  public struct Outcome: Sendable {
    public var seeds = 0
    public var requests = 0
    /// In the order of their seeds.
    public var findings: [Finding] = []
  }

  /// - Parameter progress: called by any of the threads with the share of the seeds that is done; false ends the
  ///   search, and nil is returned.
  public func run(progress: @Sendable (Double) -> Bool = { _ in true }) -> Outcome? {
    let outcome = Mutex(Outcome())
    let next = Atomic(0)
    let isEnded = Atomic(false)
    let isStopped = Atomic(false)
    let workers = max(1, min(count, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
    let journal = SeedJournal(workers: workers)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      while !isEnded.load(ordering: .relaxed) {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        if number >= count { return }
        let seed = firstSeed &+ UInt64(number)
        journal.note(seed, worker: worker)
        let (requests, finding) = examine(seed)
        let (done, isFull) = outcome.withLock { outcome in
          outcome.seeds += 1
          outcome.requests += requests
          if let finding { outcome.findings.append(finding) }
          return (outcome.seeds, outcome.findings.count >= findingsMax)
        }
        if isFull { isEnded.store(true, ordering: .relaxed) }
        if !progress(Double(done) / Double(count)) {
          isStopped.store(true, ordering: .relaxed)
          isEnded.store(true, ordering: .relaxed)
        }
      }
    }
    if isStopped.load(ordering: .relaxed) { return nil }
    var found = outcome.withLock { $0 }
    found.findings.sort { $0.seed < $1.seed }
    // Other cores may have found more by the time the last one was told.
    found.findings = Array(found.findings.prefix(findingsMax))
    return found
  }

  /// One seed: how many requests there were, and what was found.
  private func examine(_ seed: UInt64) -> (requests: Int, finding: Finding?) {
    let drawn = Swarm.makeCase(seed: seed)
    let isRepeated = repeatEvery > 0 && seed % repeatEvery == 0
    let run = Self.run(drawn, isRepeated: isRepeated)
    guard let violation = run.violations.first else { return (run.requests, nil) }
    var minimiser = Minimiser(drawn, runsMax: runsMax) { smaller in
      Self.run(smaller, isRepeated: violation.invariant == InvariantName.determinism.rawValue).violations
        .first { $0.invariant == violation.invariant }
    }
    let smallest = minimiser.minimise()
    return (
      run.requests,
      Finding(
        seed: seed, violation: violation, original: drawn, minimised: smallest?.case ?? drawn,
        minimisedViolation: smallest?.violation ?? violation, runs: minimiser.runs)
    )
  }

  /// Runs a case as its two files say it.
  static func run(_ swarmCase: SwarmCase, isRepeated: Bool) -> (requests: Int, violations: [Violation]) {
    let resolved: ResolvedScenario
    do throws(SwarmCase.Invalid) {
      resolved = try swarmCase.resolvedFromText()
    } catch {
      return (0, [Violation(time: 0, invariant: "cases can be run", detail: error.description)])
    }
    func result() -> RunResult? { Simulation(resolved, selector: swarmCase.selector, seed: swarmCase.seed).run() }
    guard let first = result() else { return (0, []) }
    var violations = first.violations
    if isRepeated, let second = result(), second.traceHash != first.traceHash {
      violations.append(
        Violation(
          time: 0, invariant: InvariantName.determinism.rawValue,
          detail: "trace hashes \(String(first.traceHash, radix: 16)) and \(String(second.traceHash, radix: 16))"))
    }
    return (first.requestCount, violations)
  }
}
