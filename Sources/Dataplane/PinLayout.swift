// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI

/// Where the dataplane keeps its pins: everything that has to outlive the agent.
///
/// Links are shared by all versions, so that an upgrade updates them in place and never detaches; maps lie below their
/// ABI version, so that maps of another layout are never reused.
public struct PinLayout: Sendable, Hashable {
  /// The default place, below the usual bpffs mount.
  public static let defaultPath = "/sys/fs/bpf/swerve"

  /// The directory that holds all pins.
  public let path: String

  public init(path: String = PinLayout.defaultPath) {
    self.path = path
  }

  /// The directory of the links.
  public var links: String { "\(path)/links" }

  /// The directory of the maps of this build's ABI version.
  public var maps: String { "\(path)/v\(SWERVE_ABI_VERSION)" }

  /// The pin of one map.
  func map(_ name: String) -> String { "\(maps)/\(name)" }

  /// The pin of one program's link.
  public func link(_ program: String) -> String { "\(links)/\(program)" }

  /// Pins of maps of other ABI versions.
  func otherVersions() -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return entries.filter { $0.hasPrefix("v") && Int($0.dropFirst()) != nil }
      .map { "\(path)/\($0)" }
      .filter { $0 != maps }
      .sorted()
  }
}
