// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What has to hold for long and under load: `make soak` at full size, otherwise for seconds. One after the other, because
/// memory and time are measured.
@Suite(
  .network, .serialized,
  .enabled(if: SwerveProcess.program != nil, "swerve is not built beside the tests; run swift build"))
enum TelemetrySoakTests {
  static let isFull = ProcessInfo.processInfo.environment["SWERVE_SOAK"] == "full"
}
