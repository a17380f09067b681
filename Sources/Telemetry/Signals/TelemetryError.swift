// SPDX-License-Identifier: Apache-2.0

/// Why telemetry cannot start with what was configured.
public struct TelemetryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The place, the reason and the next step.
  public var message: String

  public init(_ message: String) {
    self.message = message
  }

  public var description: String { message }
}
