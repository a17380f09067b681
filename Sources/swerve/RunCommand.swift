// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Dataplane
import Discovery
import Foundation
import Logging
import NIOPosix
import ServiceLifecycle
import Telemetry
import UnixSignals

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the agent of this node.",
    discussion: """
      Loads the kernel part, or takes over the one that is there, and keeps it in line with the policy files. Stopping the
      agent stops nothing else: established and new connections are steered on until `swerve uninstall`.

      Services in request mode (appProtocol: http) need a relay: one is started when there is none, and goes on when the
      agent stops.

      With --telemetry it also receives OpenTelemetry data and sends it on; see swerve otlp.

      SIGTERM and SIGINT stop it, SIGHUP makes it read all policy files again.

      EXAMPLES
        swerve run --policies /etc/swerve/policies
        swerve run --telemetry deploy/telemetry/agent.yaml
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

  @OptionGroup var locality: LocalityOptions
  @OptionGroup var dataplane: DataplaneOptions

  @Flag(name: .customLong("no-relay"), help: "Start no relay for request mode; one may be started by other means.")
  var withoutRelay = false

  @Option(
    help: "Configuration of telemetry pipelines, in the words of the OpenTelemetry Collector.",
    completion: .file(extensions: ["yaml", "yml"]))
  var telemetry: String?

  @OptionGroup var log: LogOptions

  func validate() throws {
    guard (1...AgentConfiguration.defaultConnectionsMax).contains(maxConnections) else {
      throw ValidationError("--max-connections is from 1 to \(AgentConfiguration.defaultConnectionsMax)")
    }
  }

  func run() async throws {
    try requirePrivileges(
      orElse: "Nothing is needed to check policy files or to simulate them: swerve check \(policies), swerve sim.")
    let pipelines = try telemetry.map { try OTLPConfiguration.read($0) }
    try await exiting {
      let cgroup = try steeredCgroup(cgroup)
      let logger = log.logger
      let directory = PolicyDirectory(path: policies, allowUnsupported: allowUnsupported, zone: locality.zone)
      let configuration = AgentConfiguration(
        policies: policies, cgroup: cgroup, pins: dataplane.pins, stateDirectory: dataplane.stateDir,
        connectionsMax: maxConnections, version: Swerve.version, relay: withoutRelay ? nil : relay(cgroup))
      let agent = try Agent(configuration, directory: directory, logger: logger)
      var services: [any Service] = [agent, Reload(directory: directory, logger: logger)]
      if let pipelines { services.append(try telemetryService(pipelines, logger)) }
      let group = ServiceGroup(
        configuration: .init(
          services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
      try await group.run()
    }
  }

  private func telemetryService(_ pipelines: TelemetryConfiguration, _ logger: Logger) throws -> TelemetryService {
    try TelemetryService(
      pipelines, environment: ProcessInfo.processInfo.environment, group: MultiThreadedEventLoopGroup.singleton,
      report: .init(stateDirectory: dataplane.stateDir, configuration: telemetry ?? ""), logger: logger,
      output: OutputLine.write)
  }

  /// This same program, as the relay of this agent.
  private func relay(_ cgroup: String) -> RelayProgram {
    RelayProgram(
      path: "/proc/self/exe",
      arguments: [
        "swerve", "relay", "--cgroup", cgroup, "--pin-path", dataplane.pinPath, "--state-dir", dataplane.stateDir,
      ] + log.arguments)
  }
}

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
