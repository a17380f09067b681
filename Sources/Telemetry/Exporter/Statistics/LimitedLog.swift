// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Writes a kind of line at most once in ten seconds, and says how often it was not written.
final class LimitedLog: Sendable {
  enum Kind: Hashable {
    case dropped
    case retrying
    case rejected
  }

  private static let interval = Duration.seconds(10)

  private let logger: Logger
  private let clock: any ExporterClock
  private let written = Mutex<[Kind: (last: Duration, suppressed: Int)]>([:])

  init(_ logger: Logger, clock: any ExporterClock) {
    self.logger = logger
    self.clock = clock
  }

  func write(_ kind: Kind, _ level: Logger.Level, _ message: @autoclosure () -> String) {
    let now = clock.now
    let suppressed = written.withLock { written -> Int? in
      if let entry = written[kind], now - entry.last < Self.interval {
        written[kind] = (entry.last, entry.suppressed + 1)
        return nil
      }
      let suppressed = written[kind]?.suppressed ?? 0
      written[kind] = (now, 0)
      return suppressed
    }
    guard let suppressed else { return }
    let text = message()
    logger.log(level: level, "\(text)\(suppressed == 0 ? "" : " (and \(suppressed) more like it)")")
  }
}
