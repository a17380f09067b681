// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Does work that blocks (sockets, waits for programs, `sleep`) on threads made for it.
///
/// Swift's own tasks share one thread for each processor: two of them in `read` on a machine with two processors, and
/// no other task of the process goes on, not even the one whose answer they wait for. Whatever `body` calls runs on
/// the other threads as well, and so do its child tasks; a `Task` it creates does not.
public func blocking<Success, Failure>(
  _ body: () async throws(Failure) -> Success
) async throws(Failure) -> Success {
  try await withTaskExecutorPreference(BlockingThreads.shared, operation: body)
}

/// As many threads as there is work at the same time. They are kept for what comes next.
final class BlockingThreads: TaskExecutor {
  static let shared = BlockingThreads()

  private struct State {
    var jobs: [UnownedJob] = []
    /// Threads that wait for `wakes` and that nobody has woken yet.
    var idleCount = 0
  }

  private let state = Mutex(State())
  private let wakes = DispatchSemaphore(value: 0)

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isThreadIdle = state.withLock { state in
      state.jobs.append(job)
      guard state.idleCount > 0 else { return false }
      state.idleCount -= 1
      return true
    }
    if isThreadIdle {
      wakes.signal()
    } else {
      // Where the system gives no more threads, those there are do it later.
      _ = try? WorkerThread { [self] in work() }
    }
  }

  private func work() {
    while true {
      let job = state.withLock { state -> UnownedJob? in
        if state.jobs.isEmpty {
          state.idleCount += 1
          return nil
        }
        return state.jobs.removeFirst()
      }
      if let job { job.runSynchronously(on: asUnownedTaskExecutor()) } else { wakes.wait() }
    }
  }
}
