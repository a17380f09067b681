// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Foundation
import Testbed

/// What the operator sees while the demo runs: the kernel's own table, redrawn on a terminal, once a scene otherwise.
final class DemoDisplay {
  private let isQuiet: Bool
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private var drawnLines = 0

  init(isQuiet: Bool) {
    self.isQuiet = isQuiet
  }

  /// Begins a scene.
  func announce(_ text: String) {
    guard !isQuiet else { return }
    drawnLines = 0
    print("\n\(text)")
  }

  /// One line of a scene.
  func show(_ line: String) {
    if !isQuiet { print(line) }
  }

  /// Shows the table for as long as the scene lasts.
  func watch(_ stage: DemoStage, for duration: Duration) throws {
    try watch(stage.pins, stage.backends, for: duration)
  }

  func watch(_ pins: PinLayout, _ backends: [DemoStage.Backend], for duration: Duration) throws {
    let end = MonotonicClock.nanoseconds + duration.nanoseconds
    while MonotonicClock.nanoseconds < end {
      try Interruption.check()
      if isTerminal && !isQuiet { try draw(pins, backends) }
      MonotonicClock.sleep(.milliseconds(200))
    }
    if !isQuiet { try draw(pins, backends) }
  }

  private func draw(_ pins: PinLayout, _ backends: [DemoStage.Backend]) throws {
    let services = try NodeSnapshot(pins).services
    let names = Dictionary(uniqueKeysWithValues: backends.map { ("\($0.address)", $0.name) })
    let requests = EndpointsCommand.requestTable(services)
    let table = requests.lines.count > 1 ? requests : EndpointsCommand.table(services)
    let lines = table.lines.map { line in
      let name = names.first { line.contains(" \($0.key) ") }?.value
      return "  " + (name.map { line + "   \($0)" } ?? line)
    }
    let rewind = isTerminal && drawnLines > 0 ? "\u{1B}[\(drawnLines)A\u{1B}[J" : ""
    print(rewind + lines.joined(separator: "\n"))
    drawnLines = lines.count
  }
}
