// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// How others talk to the watching thread: a wake-up it can poll, and what is wanted.
final class LoopControl: Sendable {
  private struct State {
    var reload = false
    var stop = false
  }

  private let state = Mutex(State())
  /// Readable when something is wanted.
  let wake: Int32
  private let wakeWriter: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw FileError("pipe", errno: errno) }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    wake = ends[0]
    wakeWriter = ends[1]
  }

  deinit {
    close(wake)
    close(wakeWriter)
  }

  var isStopped: Bool { state.withLock(\.stop) }

  func reload() {
    state.withLock { $0.reload = true }
    ring()
  }

  func stop() {
    state.withLock { $0.stop = true }
    ring()
  }

  /// Whether a reload was asked for since the last call.
  func takeReload() -> Bool {
    var bytes: (UInt64, UInt64) = (0, 0)
    while read(wake, &bytes, MemoryLayout.size(ofValue: bytes)) > 0 {}
    return state.withLock { state in
      defer { state.reload = false }
      return state.reload
    }
  }

  private func ring() {
    var byte: UInt8 = 1
    // A full pipe is readable already.
    _ = write(wakeWriter, &byte, 1)
  }
}
