// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets tasks sleep until something has changed. A change that comes between looking and sleeping is not missed: the
/// sleeper says which version it has looked at.
public final class Wakeups: Sendable {
  private struct State {
    var version: UInt64 = 0
    var nextID: UInt64 = 0
    var sleepers: [(id: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
    /// Tasks within `wait`.
    var waiting: Set<UInt64> = []
    /// Those of them that were cancelled or timed out before they fell asleep.
    var awakened: Set<UInt64> = []
  }

  private let state = Mutex(State())
  private let clock: any ExporterClock

  public init(clock: any ExporterClock) {
    self.clock = clock
  }

  public var version: UInt64 { state.withLock { $0.version } }

  /// Something has changed that one task can deal with.
  public func wakeOne() {
    let sleeper = state.withLock { state in
      state.version += 1
      return state.sleepers.isEmpty ? nil : state.sleepers.removeFirst()
    }
    sleeper?.continuation.resume()
  }

  public func wakeAll() {
    let sleepers = state.withLock { state in
      state.version += 1
      defer { state.sleepers = [] }
      return state.sleepers
    }
    for sleeper in sleepers { sleeper.continuation.resume() }
  }

  /// Sleeps until the version is another one, a time of the clock has come, or the task is cancelled.
  func wait(after version: UInt64, until deadline: Duration?) async {
    let id = state.withLock { state in
      state.nextID += 1
      state.waiting.insert(state.nextID)
      return state.nextID
    }
    let timer = deadline.map { deadline in
      Task {
        // A cancelled timer has nobody to wake.
        guard (try? await clock.sleep(for: max(deadline - clock.now, .zero))) != nil else { return }
        wake(id)
      }
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isAwake = state.withLock { state in
          if state.version != version || state.awakened.contains(id) { return true }
          state.sleepers.append((id, continuation))
          return false
        }
        if isAwake { continuation.resume() }
      }
    } onCancel: {
      wake(id)
    }
    timer?.cancel()
    state.withLock { state in
      state.waiting.remove(id)
      state.awakened.remove(id)
    }
  }

  private func wake(_ id: UInt64) {
    let sleeper = state.withLock { state -> CheckedContinuation<Void, Never>? in
      if let index = state.sleepers.firstIndex(where: { $0.id == id }) {
        return state.sleepers.remove(at: index).continuation
      }
      if state.waiting.contains(id) { state.awakened.insert(id) }
      return nil
    }
    sleeper?.resume()
  }
}
