// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What exporting knows of time. Tests bring their own.
public protocol ExporterClock: Sendable {
  /// Since some moment in the past; never set back.
  var now: Duration { get }
  /// Seconds since 1970, for dates that others give.
  var unixSeconds: Int64 { get }
  /// - Throws: when the task is cancelled.
  func sleep(for duration: Duration) async throws(CancellationError)
}

/// The machine's.
public struct SystemClock: ExporterClock {
  private static let origin = ContinuousClock.now

  public init() {}

  public var now: Duration { Self.origin.duration(to: .now) }

  public var unixSeconds: Int64 { Int64(time(nil)) }

  public func sleep(for duration: Duration) async throws(CancellationError) {
    do { try await Task.sleep(for: duration) } catch { throw CancellationError() }
  }
}

extension Duration {
  var inSeconds: Double { self / .seconds(1) }
}
