// SPDX-License-Identifier: Apache-2.0

/// Connects and nothing else: what the time per decision and the time of a change are measured with.
public enum ConnectBurst {
  /// Makes `count` connections one after the other, each closed by a reset, which leaves no TIME_WAIT and so no port
  /// taken. Ends early when the time is up or after 100 failures in a row. Returns how many succeeded.
  public static func run(to address: TCPAddress, count: Int, durationMax: Duration) throws -> Int {
    let deadline = MonotonicClock.nanoseconds + durationMax.nanoseconds
    var (succeeded, failuresInARow) = (0, 0)
    for _ in 0..<count where MonotonicClock.nanoseconds < deadline {
      do {
        let connection = try RawConnection(to: address)
        connection.resetOnClose()
        connection.close()
        succeeded += 1
        failuresInARow = 0
      } catch {
        failuresInARow += 1
        guard failuresInARow < 100 else { throw error }
      }
    }
    return succeeded
  }

  /// Connects until a connection lands on `listener`, and returns the time since `since` (CLOCK_MONOTONIC); nil when
  /// the time is up. The others are drained from time to time.
  public static func untilLanding(
    on listener: RawListener, via address: TCPAddress, others: [RawListener], since: UInt64, durationMax: Duration
  ) -> Duration? {
    let deadline = MonotonicClock.nanoseconds + durationMax.nanoseconds
    for attempt in 1... where attempt > 0 {
      if let connection = try? RawConnection(to: address, timeout: .seconds(1)) {
        connection.resetOnClose()
        connection.close()
      }
      let now = MonotonicClock.nanoseconds
      if listener.drain() > 0 { return .nanoseconds(Int64(now - since)) }
      if now >= deadline { return nil }
      if attempt.isMultiple(of: 128) { for other in others { other.drain() } }
    }
    return nil
  }
}
