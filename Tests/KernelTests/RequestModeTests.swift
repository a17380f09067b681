// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

extension KernelTests {
  /// Services in request mode, as real programs see them. All share one node; see ``RequestService``.
  @Suite(.serialized, .sharedRequestNode) enum RequestModeTests {}
}

enum Soak {
  /// Whether this is `make soak`.
  static let isFull = ProcessInfo.processInfo.environment["SWERVE_SOAK"] == "full"
}

/// Sizes: `make soak` runs at full size, everything else at a reduced one.
enum RequestVolume {
  static let isFull = Soak.isFull
  /// Of a large body.
  static let largeBytes = isFull ? 1 << 30 : 64 << 20
  /// Clients that keep an idle connection.
  static let idleClients = isFull ? 10_000 : 2_000
}
