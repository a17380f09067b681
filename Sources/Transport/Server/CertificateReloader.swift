// SPDX-License-Identifier: Apache-2.0

import Logging
import Synchronization

/// Reads a server's certificates again when their files have changed. Those in use stay until the new ones are good.
final class CertificateReloader: Sendable {
  private let context: TLSServerContext
  private let statistics: ServerStatistics
  private let logger = Logger(label: "swerve.transport")
  /// What was last said, so that a file that stays wrong is not reported each time.
  private let lastFailure = Mutex<TransportError?>(nil)

  init(_ context: TLSServerContext, _ statistics: ServerStatistics) {
    self.context = context
    self.statistics = statistics
  }

  func reload() {
    do {
      if try context.reloadIfChanged() {
        logger.info("certificates reloaded")
        lastFailure.withLock { $0 = nil }
      }
    } catch {
      statistics.add(.reloadFailed)
      let isNew = lastFailure.withLock { last in
        defer { last = error }
        return last != error
      }
      if isNew { logger.error("certificates not reloaded, those before stay in use: \(error)") }
    }
  }
}
