// SPDX-License-Identifier: Apache-2.0

public import Dataplane

/// Where a relay works and keeps things.
public struct RelayConfiguration: Sendable {
  public var pins: PinLayout
  /// Directory of the relay's own files; may be lost at a reboot.
  public var stateDirectory: String
  /// The cgroup v2 directory whose processes are steered: the relay has to be in it, or below.
  public var cgroup: String
  /// Version of this build, for the report.
  public var version: String
  public var options: RelayOptions

  public init(
    pins: PinLayout, stateDirectory: String, cgroup: String, version: String, options: RelayOptions = RelayOptions()
  ) {
    self.pins = pins
    self.stateDirectory = stateDirectory
    self.cgroup = cgroup
    self.version = version
    self.options = options
  }
}
