// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import NIOPosix
import ServiceLifecycle
import Telemetry
import Transport

struct OTLPRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run telemetry pipelines alone: receivers, processors, exporters.",
    discussion: """
      What `swerve run --telemetry FILE` does beside the dataplane, without it: no privileges are needed, and nothing is
      steered. SIGTERM and SIGINT end it: receivers refuse what is new, exporters send what they have, and what is left in
      a queue on disk is sent after the next start.

      EXAMPLES
        swerve otlp run deploy/telemetry/gateway.yaml
        swerve otlp run telemetry.yaml --log-level debug

      EXIT STATUS
        0 ended by a signal   65 the file cannot be used   71 a port cannot be listened on
      """)

  @Argument(help: "The configuration file, or - for standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var file: String

  @OptionGroup var log: LogOptions

  func run() async throws {
    let configuration = try OTLPConfiguration.read(file)
    let logger = log.logger
    try await exiting {
      let telemetry = try TelemetryService(
        configuration, environment: ProcessInfo.processInfo.environment, group: MultiThreadedEventLoopGroup.singleton,
        logger: logger, output: OutputLine.write)
      let group = ServiceGroup(
        configuration: .init(
          services: [.init(service: telemetry)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
      try await group.run()
    }
  }
}
