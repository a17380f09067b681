// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Hands updates from the watching thread to one reader. A slow reader gets them merged, so memory is bounded by the
/// policy and not by how often it changes.
final class UpdateMailbox: Sendable {
  private struct State {
    var pending: DirectoryUpdate?
    var reader: CheckedContinuation<DirectoryUpdate?, Never>?
    var isClosed = false
  }

  private let state = Mutex(State())

  func put(_ update: DirectoryUpdate) {
    let reader = state.withLock { state -> CheckedContinuation<DirectoryUpdate?, Never>? in
      guard let reader = state.reader else {
        if !state.isClosed { state.pending = state.pending?.merged(with: update) ?? update }
        return nil
      }
      state.reader = nil
      return reader
    }
    reader?.resume(returning: update)
  }

  /// The next update; nil when closed.
  func take() async -> DirectoryUpdate? {
    await withCheckedContinuation { continuation in
      let now = state.withLock { state -> DirectoryUpdate?? in
        if let pending = state.pending {
          state.pending = nil
          return .some(pending)
        }
        if state.isClosed { return .some(nil) }
        state.reader = continuation
        return .none
      }
      if let now { continuation.resume(returning: now) }
    }
  }

  func close() {
    let reader = state.withLock { state -> CheckedContinuation<DirectoryUpdate?, Never>? in
      state.isClosed = true
      let reader = state.reader
      state.reader = nil
      return reader
    }
    reader?.resume(returning: nil)
  }
}
