// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testbed

/// Tells on standard error what is being measured: one line that is overwritten, or, when that is no terminal, one per
/// step.
struct Progress {
  private let steps: Int
  private let started = MonotonicClock.nanoseconds
  private let isTerminal = isatty(STDERR_FILENO) == 1
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
    Self.write(isTerminal ? "\r\u{1B}[K\(line)" : line + "\n")
  }

  /// To be called after the last step.
  func finish() {
    if isTerminal { Self.write("\r\u{1B}[K") }
  }

  /// A line that stays, for what has no steps.
  static func note(_ text: String) { write(text + "\n") }

  /// A line that the next one overwrites; nothing when that is no terminal.
  static func overwrite(_ text: String) {
    if isatty(STDERR_FILENO) == 1 { write("\r\u{1B}[K\(text)") }
  }

  private static func write(_ text: String) { _ = Glibc.write(STDERR_FILENO, text, text.utf8.count) }
}
