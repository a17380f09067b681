// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Telemetry

/// Time that passes when the test says so.
final class ManualClock: ExporterClock {
  private struct State {
    var now = Duration.seconds(1_000)
    var nextID = 0
    var sleepers: [(id: Int, until: Duration, continuation: CheckedContinuation<Bool, Never>)] = []
    var cancelled: Set<Int> = []
    var slept: [Duration] = []
  }

  private let state = Mutex(State())
  let unixSeconds: Int64 = 784_111_777

  var now: Duration { state.withLock { $0.now } }
  /// Tasks that are asleep.
  var sleeping: Int { state.withLock { $0.sleepers.count } }
  /// How long tasks have asked to sleep, in order.
  var slept: [Duration] { state.withLock { $0.slept } }

  func advance(by duration: Duration) {
    let due = state.withLock { state in
      state.now += duration
      let now = state.now
      defer { state.sleepers.removeAll { $0.until <= now } }
      return state.sleepers.filter { $0.until <= now }
    }
    for sleeper in due { sleeper.continuation.resume(returning: true) }
  }

  func sleep(for duration: Duration) async throws(CancellationError) {
    let id = state.withLock { state in
      state.nextID += 1
      state.slept.append(duration)
      return state.nextID
    }
    let isOver = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer = state.withLock { state -> Bool? in
          if state.cancelled.contains(id) { return false }
          if duration <= .zero { return true }
          state.sleepers.append((id, state.now + duration, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let sleeper = state.withLock { state in
        state.cancelled.insert(id)
        let index = state.sleepers.firstIndex { $0.id == id }
        return index.map { state.sleepers.remove(at: $0) }
      }
      sleeper?.continuation.resume(returning: false)
    }
    if !isOver { throw CancellationError() }
  }
}
