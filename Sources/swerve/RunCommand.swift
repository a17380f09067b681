// SPDX-License-Identifier: Apache-2.0

import Agent
public import ArgumentParser
import Dataplane
import Discovery
import Foundation
public import Logging
import ServiceLifecycle
import UnixSignals

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the agent of this node.",
    discussion: """
      Loads the kernel part, or takes over the one that is there, and keeps it in line with the policy files. Stopping the
      agent stops nothing else: established and new connections are steered on until `swerve uninstall`.

      SIGTERM and SIGINT stop it, SIGHUP makes it read all policy files again.

      EXAMPLES
        swerve run --policies /etc/swerve/policies
        swerve run --policies ./policies --cgroup /sys/fs/cgroup/workloads.slice --log-level debug
      """)

  @Option(help: "Directory of policy files (*.yaml, *.yml, *.json).", completion: .directory)
  var policies = AgentConfiguration.defaultPolicies

  @Option(help: "The cgroup v2 directory whose processes are steered. (default: the root of the hierarchy)")
  var cgroup: String?

  @Option(help: "Connections tracked at most; a connect beyond it is refused and counted.")
  var maxConnections = AgentConfiguration.defaultConnectionsMax

  @Flag(help: "Warn about fields that Swerve does not support instead of rejecting the file.")
  var allowUnsupported = false

  @OptionGroup var dataplane: DataplaneOptions

  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = Logger.Level.info

  @Option(help: "text, json, or auto: text on a terminal and JSON otherwise.")
  var logFormat = LogFormat.auto

  @Flag(help: "The same as --log-format json.")
  var json = false

  func validate() throws {
    guard (1...AgentConfiguration.defaultConnectionsMax).contains(maxConnections) else {
      throw ValidationError("--max-connections is from 1 to \(AgentConfiguration.defaultConnectionsMax)")
    }
  }

  func run() async throws {
    try requirePrivileges()
    try await exiting {
      guard let cgroup = cgroup ?? CgroupPath.mountPoint() else {
        throw DataplaneError(
          .environment, "find a cgroup v2 hierarchy", advice: "mount one: mount -t cgroup2 none /sys/fs/cgroup")
      }
      let logger = makeLogger(json ? .json : logFormat, level: logLevel)
      let directory = PolicyDirectory(path: policies, allowUnsupported: allowUnsupported)
      let configuration = AgentConfiguration(
        policies: policies, cgroup: cgroup, pins: dataplane.pins, stateDirectory: dataplane.stateDir,
        connectionsMax: maxConnections, version: Swerve.version)
      let agent = try Agent(configuration, directory: directory, logger: logger)
      let group = ServiceGroup(
        configuration: .init(
          services: [.init(service: agent), .init(service: Reload(directory: directory, logger: logger))],
          gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
      try await group.run()
    }
  }

  /// Says which capability is missing before anything is tried.
  private func requirePrivileges() throws {
    let missing = Privileges().missing.filter(\.required)
    guard !missing.isEmpty else { return }
    let names = missing.map { "\($0.name) (\($0.purpose))" }.joined(separator: ", ")
    let all = Privileges.needed.map { $0.name.lowercased() }.joined(separator: ",")
    printError(
      """
      this process lacks \(names).
      Run it as root, or grant the capabilities: setcap \(all)+ep "$(command -v swerve)"
      Nothing is needed to check policy files: swerve check \(policies)
      """)
    throw ExitCode.privilege
  }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// Reads all policy files again on SIGHUP.
private struct Reload: Service {
  let directory: PolicyDirectory
  let logger: Logger

  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      logger.info("SIGHUP: reading all policy files again")
      directory.reload()
    }
  }
}
