// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command line. Exit codes are those of sysexits.h; see `ExitCode` in Exit.swift.
@main
struct Swerve: AsyncParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "swerve",
    abstract: "A sidecar-less service mesh dataplane: connections are steered to endpoints inside the Linux kernel.",
    discussion: """
      EXAMPLES
        swerve doctor                      what this kernel offers, and what is lost without the rest
        swerve check policies/examples     every error of the policy files, without touching the kernel
        swerve explain web                 the policy of a service, each value with the line it comes from
        swerve run --policies /etc/policies  steer the connections of this node
        swerve relay                       carry what the kernel cannot: request mode
        swerve events --follow             breakers that open and close, limits that refuse
        swerve status                      services, connections and health; also while no agent runs
        swerve sim run web.yaml            the same decisions in simulated time, without root
        swerve sim check simulator/scenarios  whether scenarios go as expected: for continuous integration
        swerve otlp dump                   the telemetry that applications send
        swerve uninstall                   leave nothing behind

      EXIT STATUS
        0 done   1 failed   64 bad usage   65 invalid policy, scenario or configuration   69 no dataplane installed
        71 the kernel refused   75 another agent is running   77 a privilege is missing
      """,
    version: version,
    subcommands: [
      RunCommand.self, RelayCommand.self, CheckCommand.self, ExplainCommand.self, DiffCommand.self, StatusCommand.self,
      EndpointsCommand.self, EndpointControlCommand.self, EventsCommand.self, DoctorCommand.self, UninstallCommand.self,
      SimCommand.self, OTLPCommand.self, DemoCommand.self, BenchCommand.self, EndpointCommand.self, SchemaCommand.self,
    ])
}
