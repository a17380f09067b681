// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `swerve otlp`: telemetry in and out, without the dataplane.
struct OTLPCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "otlp",
    abstract: "Receive, send and forward OpenTelemetry data (OTLP), without root.",
    discussion: """
      OTLP over gRPC (port 4317) and over HTTP in protobuf and JSON (port 4318), with and without TLS. Configuration files
      are in the words of the OpenTelemetry Collector; docs/TELEMETRY.md says which.

      EXAMPLES
        swerve otlp dump
        swerve otlp send --signal traces --requests 3
        swerve otlp validate telemetry.yaml
        swerve otlp run telemetry.yaml
      """,
    subcommands: [
      OTLPDumpCommand.self, OTLPSendCommand.self, OTLPRunCommand.self, OTLPValidateCommand.self,
    ])
}
