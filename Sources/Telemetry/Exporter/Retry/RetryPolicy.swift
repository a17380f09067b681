// SPDX-License-Identifier: Apache-2.0

/// How long to wait before a request is sent again: the Collector's `retry_on_failure`, with OTLP's defaults.
public struct RetryPolicy: Hashable, Sendable {
  public var enabled = true
  /// Before the first repetition.
  public var initialInterval = Duration.seconds(5)
  /// Of each interval to the one before.
  public var multiplier = 1.5
  public var maxInterval = Duration.seconds(30)
  /// After this a request is given up; zero never gives up.
  public var maxElapsedTime = Duration.seconds(300)
  /// Each interval is longer or shorter by up to this share at random, so that senders do not come back together.
  public var randomizationFactor = 0.5

  public init() {}

  /// - Parameters:
  ///   - attempt: how many attempts have failed; 1 after the first.
  ///   - elapsed: since the first attempt began.
  ///   - asked: what the server has asked for; it is waited for at least so long.
  ///   - random: from 0 to 1.
  /// - Returns: nil when the request is to be given up.
  public func delay(attempt: Int, elapsed: Duration, asked: Duration?, random: Double) -> Duration? {
    guard enabled else { return nil }
    let randomized = interval(attempt) * (1 + randomizationFactor * (2 * random - 1))
    let delay = max(randomized, asked ?? .zero)
    if maxElapsedTime > .zero && elapsed + delay > maxElapsedTime { return nil }
    return delay
  }

  private func interval(_ attempt: Int) -> Duration {
    var interval = initialInterval
    for _ in 1..<max(attempt, 1) where interval < maxInterval { interval = interval * multiplier }
    return min(interval, maxInterval)
  }
}
