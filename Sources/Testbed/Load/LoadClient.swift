// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Real clients over blocking sockets, one thread each, that keep a record of every request.
///
/// A broken connection is recorded and replaced. The counts can be read while the load runs.
public final class LoadClient: Sendable {
  public let plan: LoadPlan
  private let shared: Shared
  private let threads: [WorkerThread]

  /// What the threads share. They do not hold the client itself, whose end stops them.
  private final class Shared: Sendable {
    struct State {
      var issued = 0
      var snapshot = LoadSnapshot()
      var samples: [LoadSample] = []
    }
    let state = Mutex(State())
    let isStopped = Atomic(false)
    let startedNanoseconds = MonotonicClock.nanoseconds

    /// The number of the next request; nil when the plan's bounds are reached.
    func next(_ plan: LoadPlan) -> Int? {
      let elapsed = MonotonicClock.nanoseconds - startedNanoseconds
      guard !isStopped.load(ordering: .relaxed), elapsed < plan.durationMax.nanoseconds else { return nil }
      return state.withLock { state in
        guard state.issued < plan.requestsMax else { return nil }
        defer { state.issued += 1 }
        return state.issued
      }
    }

    func record(_ sample: LoadSample) {
      state.withLock { state in
        state.snapshot.add(sample)
        state.samples.append(sample)
      }
    }
  }

  /// Starts the load.
  public init(_ plan: LoadPlan) throws {
    self.plan = plan
    let shared = Shared()
    self.shared = shared
    var threads: [WorkerThread] = []
    do {
      for _ in 0..<plan.concurrency {
        threads.append(try WorkerThread { Self.work(plan, shared) })
      }
    } catch {
      shared.isStopped.store(true, ordering: .relaxed)
      for thread in threads { thread.join() }
      throw error
    }
    self.threads = threads
  }

  deinit { shared.isStopped.store(true, ordering: .relaxed) }

  /// Counts so far.
  public var snapshot: LoadSnapshot {
    var snapshot = shared.state.withLock { $0.snapshot }
    snapshot.takenNanoseconds = MonotonicClock.nanoseconds
    return snapshot
  }

  /// Lets no further request begin.
  public func stop() { shared.isStopped.store(true, ordering: .relaxed) }

  /// Waits for the load to end and returns every result, ordered by start.
  public func finish() -> [LoadSample] {
    for thread in threads { thread.join() }
    return shared.state.withLock { $0.samples }.sorted { $0.startedNanoseconds < $1.startedNanoseconds }
  }

  private static func work(_ plan: LoadPlan, _ shared: Shared) {
    var session = LoadSession(plan)
    while let number = shared.next(plan) {
      guard pace(number, plan, shared) else { return }
      let sample = session.request()
      shared.record(sample)
      if sample.failure != nil { MonotonicClock.sleep(plan.pauseAfterFailure) }
    }
  }

  /// Waits for the request's turn, in short steps so that ``stop()`` is heard. False: stopped or out of time.
  private static func pace(_ number: Int, _ plan: LoadPlan, _ shared: Shared) -> Bool {
    guard let rate = plan.requestsPerSecond, rate > 0 else { return true }
    let offset = UInt64(Double(number) / rate * 1e9)
    guard offset < plan.durationMax.nanoseconds else { return false }
    let turn = shared.startedNanoseconds + offset
    while true {
      let now = MonotonicClock.nanoseconds
      if now >= turn { return true }
      if shared.isStopped.load(ordering: .relaxed) { return false }
      MonotonicClock.sleep(.nanoseconds(Int64(min(turn - now, 50_000_000))))
    }
  }
}
