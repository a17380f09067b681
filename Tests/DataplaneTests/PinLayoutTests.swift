// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testbed
import Testing

@testable import Dataplane

@Suite struct PinLayoutTests {
  @Test func linksAreSharedAndMapsLieBelowTheirVersion() {
    let pins = PinLayout(path: "/pins")
    #expect(pins.link("swerve_connect4") == "/pins/links/swerve_connect4")
    #expect(pins.map("node") == "/pins/v\(SWERVE_ABI_VERSION)/node")
    #expect(PinLayout().path == "/sys/fs/bpf/swerve")
  }

  @Test func otherVersionsAreThoseOfOtherABIsOnly() throws {
    let directory = try TemporaryDirectory()
    let pins = PinLayout(path: directory.path)
    let other = SWERVE_ABI_VERSION + 1
    for name in ["links", "v\(SWERVE_ABI_VERSION)", "v\(other)", "v90", "version", "v", "x3", "v1a"] {
      try FileManager.default.createDirectory(atPath: "\(pins.path)/\(name)", withIntermediateDirectories: false)
    }
    #expect(pins.otherVersions() == ["\(pins.path)/v\(other)", "\(pins.path)/v90"])
  }

  @Test func withoutADirectoryThereAreNoOtherVersions() {
    #expect(PinLayout(path: "/proc/no-such-directory").otherVersions().isEmpty)
  }
}
