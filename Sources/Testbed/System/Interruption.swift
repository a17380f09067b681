// SPDX-License-Identifier: Apache-2.0

import CTestbed

/// Ctrl-C and SIGTERM as an error at the next wait, so that what a run put up is taken down before it ends.
public enum Interruption {
  /// From now on the two signals no longer end the process by themselves.
  public static func watch() { testbed_catch_interrupts() }

  /// Whether one of them has come.
  public static var hasCome: Bool { testbed_interrupted() != 0 }

  /// Throws once one of them has come.
  public static func check() throws {
    if hasCome { throw TestbedError("run", reason: "interrupted") }
  }
}
