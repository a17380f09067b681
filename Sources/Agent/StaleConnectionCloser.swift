// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Logging

/// Closes the connections of endpoints that have left, pass by pass, until none is left.
///
/// One pass is not enough: a connect that selected the endpoint a moment before it left may appear among the sockets a
/// moment after the walk. Passes follow quickly at first and thin out for what the kernel cannot abort.
struct StaleConnectionCloser {
  let connections: StaleConnections
  let logger: Logger

  private static let firstPause: Duration = .milliseconds(50)
  private static let longestPause: Duration = .seconds(5)

  /// Walks until `remaining` is zero or the task is cancelled. `closed` gets the count of each pass.
  func closeAll(
    remaining: () async -> Int, closed: (Int) async -> Void
  ) async {
    guard connections.isAvailable else { return }
    var pause = StaleConnectionCloser.firstPause
    while !Task.isCancelled, await remaining() > 0 {
      do {
        await closed(try await connections.close())
      } catch {
        logger.error("Stale connections were not closed", metadata: ["error": "\(error)"])
      }
      guard await remaining() > 0, (try? await Task.sleep(for: pause)) != nil else { return }
      pause = min(pause * 2, StaleConnectionCloser.longestPause)
    }
  }
}
