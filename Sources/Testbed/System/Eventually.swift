// SPDX-License-Identifier: Apache-2.0

/// Waits for what other threads or programs bring about.
///
/// - Parameter limit: far more than a machine needs that has much else to do; only a failure takes that long.
/// - Returns: true as soon as the condition holds; false when the time is up, or the task is cancelled.
public func eventually(
  within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async rethrows -> Bool {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    // Looked at once more: this task itself may have had to wait for its turn.
    guard ContinuousClock.now < deadline, !Task.isCancelled else { return try await condition() }
    try? await Task.sleep(for: .milliseconds(2))
  }
  return true
}
