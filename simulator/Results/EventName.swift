// SPDX-License-Identifier: Apache-2.0

import SwerveABI

/// The names of reasons, events and causes in telemetry, from the ABI's one table of each.
enum EventName {
  static func reason(_ number: UInt32) -> String { name(swerve_reason_name(number)) }
  static func kind(_ kind: swerve_event_kind) -> String { name(swerve_event_name(kind.rawValue)) }
  static func cause(_ cause: swerve_cause) -> String { name(swerve_cause_name(cause.rawValue)) }

  private static func name(_ text: UnsafePointer<CChar>?) -> String { text.map { String(cString: $0) } ?? "" }
}
