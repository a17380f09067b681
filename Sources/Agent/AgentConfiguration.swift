// SPDX-License-Identifier: Apache-2.0

public import Dataplane
import SwerveABI

/// Where an agent reads, attaches and keeps things.
public struct AgentConfiguration: Sendable {
  /// Directory of policy files.
  public var policies: String
  /// The cgroup v2 directory whose processes are steered.
  public var cgroup: String
  public var pins: PinLayout
  /// Directory of the agent's own files; may be lost at a reboot.
  public var stateDirectory: String
  /// Connections of the node tracked at most.
  public var connectionsMax: Int
  /// Version of this build, for the report.
  public var version: String
  /// Started when a service needs a relay and none is alive; nil for an agent that starts none.
  public var relay: RelayProgram?

  public init(
    policies: String, cgroup: String, pins: PinLayout, stateDirectory: String, connectionsMax: Int, version: String,
    relay: RelayProgram? = nil
  ) {
    self.policies = policies
    self.cgroup = cgroup
    self.pins = pins
    self.stateDirectory = stateDirectory
    self.connectionsMax = connectionsMax
    self.version = version
    self.relay = relay
  }

  public static let defaultPolicies = "/etc/swerve/policies"
  public static let defaultStateDirectory = "/run/swerve"
  public static let defaultConnectionsMax = Int(SWERVE_CONNECTIONS_MAX)
}
