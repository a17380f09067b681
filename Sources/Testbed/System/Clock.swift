// SPDX-License-Identifier: Apache-2.0

import Glibc

/// CLOCK_MONOTONIC, the clock that BPF programs read too.
public enum MonotonicClock {
  /// Nanoseconds since some point in the past, the same for every process until the next boot.
  public static var nanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }

  /// Sleeps on this thread.
  public static func sleep(_ duration: Duration) {
    var request = timespec(
      tv_sec: Int(duration.components.seconds),
      tv_nsec: Int(duration.components.attoseconds / 1_000_000_000))
    var left = timespec()
    while nanosleep(&request, &left) != 0, errno == EINTR, (try? Interruption.check()) != nil { request = left }
  }
}

extension Duration {
  /// Whole nanoseconds.
  public var nanoseconds: UInt64 {
    UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
  }

  /// Seconds with their fraction.
  public var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
