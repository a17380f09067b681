// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testbed

/// The line on standard error that tells how far something is: overwritten on a terminal, else a line of its own.
enum ProgressLine {
  static let isTerminal = isatty(STDERR_FILENO) == 1

  static func show(_ line: String) { write(isTerminal ? "\r\u{1B}[K\(line)" : line + "\n") }

  static func clear() {
    if isTerminal { write("\r\u{1B}[K") }
  }

  /// A line that stays.
  static func note(_ text: String) { write(text + "\n") }

  private static func write(_ text: String) { _ = Glibc.write(STDERR_FILENO, text, text.utf8.count) }
}

/// Tells on standard error what is being measured, step by step.
struct Progress {
  private let steps: Int
  private let started = MonotonicClock.nanoseconds
  private var done = 0

  /// - Parameter steps: how many calls of ``step(_:)`` will follow.
  init(steps: Int) { self.steps = steps }

  /// To be called before each step.
  mutating func step(_ text: String) {
    var line = "[\(done + 1)/\(steps)] \(text)"
    if done > 0 {
      let elapsed = Double(MonotonicClock.nanoseconds - started) / 1e9
      line += ", about \(Format.number(elapsed / Double(done) * Double(max(0, steps - done)))) s left"
    }
    done += 1
    ProgressLine.show(line)
  }

  /// To be called after the last step.
  func finish() { ProgressLine.clear() }

  /// A line that stays, for what has no steps.
  static func note(_ text: String) { ProgressLine.note(text) }
}

/// Tells on standard error which share of something is done, once it takes long enough that someone waits for it. May be
/// told by several threads.
final class ShareProgress: Sendable {
  private struct State {
    var last: UInt64 = 0
    var isShown = false
  }

  /// Nanoseconds.
  private static let patience: UInt64 = 2_000_000_000
  private let interval: UInt64
  private let started = MonotonicClock.nanoseconds
  private let state = Mutex(State())
  private let isQuiet: Bool

  init(isQuiet: Bool = false) {
    self.isQuiet = isQuiet
    interval = ProgressLine.isTerminal ? 200_000_000 : 10_000_000_000
  }

  /// - Parameter share: 0 to 1.
  func update(_ share: Double) {
    let now = MonotonicClock.nanoseconds
    let elapsed = now - started
    if isQuiet || elapsed < Self.patience { return }
    state.withLock { state in
      guard now - state.last >= interval else { return }
      state.last = now
      state.isShown = true
      ProgressLine.show(Self.line(share, elapsedSeconds: Double(elapsed) / 1e9))
    }
  }

  func finish() {
    if state.withLock({ $0.isShown }) { ProgressLine.clear() }
  }

  /// `37 %, about 12 s left`.
  static func line(_ share: Double, elapsedSeconds: Double) -> String {
    let left = share > 0 ? ", about \(Format.number(elapsedSeconds / share * (1 - share))) s left" : ""
    return "\(Format.number(share * 100)) %\(left)"
  }
}
