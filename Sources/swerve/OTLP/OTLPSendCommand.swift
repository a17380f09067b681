// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import NIOPosix
import Telemetry
import Transport

struct OTLPSendCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send",
    abstract: "Send test telemetry.",
    discussion: """
      Sends requests as an application's SDK would, and tells what became of them. Where nothing is said, the environment
      variables of OpenTelemetry's exporters hold: OTEL_EXPORTER_OTLP_ENDPOINT, _PROTOCOL, _HEADERS, _CERTIFICATE,
      _CLIENT_CERTIFICATE, _CLIENT_KEY, _COMPRESSION and _TIMEOUT. What fails is not sent again, so that it is seen.

      EXAMPLES
        swerve otlp send
        swerve otlp send --endpoint http://127.0.0.1:4318 --protocol http/json --signal logs
        swerve otlp send --signal metrics --requests 1000 --items 500 --rate 100 --concurrency 4 --json
        swerve otlp send --endpoint https://collector:4317 --ca ca.pem --header 'authorization=Bearer 6f1a'

      EXIT STATUS
        0 everything was taken   1 something failed or was rejected   64 bad usage
      """)

  @Option(help: "Where to, such as http://127.0.0.1:4317. (default: the environment's, else this node's port)")
  var endpoint: String?

  @Option(
    name: .customLong("protocol"),
    help: "grpc, http/protobuf or http/json. (default: the environment's, else http/protobuf, or grpc for port 4317)")
  var exportProtocol: ExportProtocol?

  @Option(help: "metrics, traces or logs; may be said again. (default: all three)")
  var signal: [Signal] = []

  @Option(help: "Requests of each signal.")
  var requests = 1

  @Option(help: "Data points, spans or log records in each request.")
  var items = 10

  @Option(help: "Requests per second, all signals together; 0 sends as fast as they are taken.")
  var rate = 0.0

  @Option(help: "Requests under way at once.")
  var concurrency = 1

  @Option(help: "service.name of the resource.")
  var service = "swerve-test"

  @Option(help: "A further attribute of the resource, KEY=VALUE; may be said again.")
  var attribute: [String] = []

  @Option(help: "A header field, KEY=VALUE; may be said again.")
  var header: [String] = []

  @Option(help: "none or gzip.")
  var compression: ExportCompression?

  @Option(help: "Authorities of the server's certificate, PEM.", completion: .file())
  var ca: String?

  @Option(help: "Certificate of this end, PEM.", completion: .file())
  var cert: String?

  @Option(help: "Key of the certificate, PEM.", completion: .file())
  var key: String?

  @Option(help: "Seconds for one request.")
  var timeout: Double?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...10_000_000).contains(requests) else { throw ValidationError("--requests is from 1 to 10000000") }
    guard (1...1_000_000).contains(items) else { throw ValidationError("--items is from 1 to 1000000") }
    guard (1...1000).contains(concurrency) else { throw ValidationError("--concurrency is from 1 to 1000") }
    guard rate >= 0, rate <= 1e6 else { throw ValidationError("--rate is from 0 to 1000000") }
    if let timeout, !(timeout > 0 && timeout <= 3600) { throw ValidationError("--timeout is from 0 to 3600 seconds") }
    if signal.contains(.profiles) { throw ValidationError("there is no test telemetry for profiles") }
    if (cert == nil) != (key == nil) { throw ValidationError("--cert and --key belong together") }
    _ = try pairs(attribute, "--attribute")
    _ = try pairs(header, "--header")
  }

  func run() async throws {
    try await exiting {
      let report = try await SendRun(try plan()).run()
      if output.json { try OutputOptions.printJSON(report) } else { print(report.text) }
      if !report.isClean { throw ExitCode.failure }
    }
  }

  private func plan() throws -> SendPlan {
    let signals = signal.isEmpty ? [Signal.metrics, .traces, .logs] : signal
    let environment = ExporterEnvironment(ProcessInfo.processInfo.environment)
    var connections: [Signal: ConnectionSettings] = [:]
    for signal in signals { connections[signal] = try connection(try environment.connection(for: signal)) }
    let fromEnvironment = try signals.first.flatMap { try environment.timeout(for: $0) }
    return SendPlan(
      signals: signals, connections: connections, requestCount: requests, itemCount: items, rate: rate,
      concurrency: concurrency, timeout: timeout.map { .seconds($0) } ?? fromEnvironment ?? .seconds(10),
      telemetry: TestTelemetry(service: service, attributes: try pairs(attribute, "--attribute")))
  }

  /// The environment's settings, with what the command line says instead.
  private func connection(_ settings: ConnectionSettings) throws -> ConnectionSettings {
    var settings = settings
    let kind = exportProtocol ?? settings.exportProtocol
    if let endpoint {
      // What OpenTelemetry takes for the default, HTTP, is not what a port of gRPC is meant for.
      let named = try Endpoint(endpoint, .grpc, place: "--endpoint", isTLS: false)
      let usual = named.port == 4317 && exportProtocol == nil ? .grpc : kind
      settings = ConnectionSettings(usual, try Endpoint(endpoint, usual, place: "--endpoint", isTLS: false))
    } else if kind != settings.exportProtocol {
      let port = kind == .grpc ? 4317 : 4318
      settings = ConnectionSettings(kind, Endpoint(host: "127.0.0.1", port: port))
    }
    settings.headers += try pairs(header, "--header").map { ConnectionSettings.Header($0.key.lowercased(), $0.value) }
    if let compression { settings.compression = compression }
    if let ca { settings.tls.caFile = ca }
    if let cert, let key { (settings.tls.certFile, settings.tls.keyFile) = (cert, key) }
    return settings
  }

  private func pairs(_ texts: [String], _ option: String) throws -> [(key: String, value: String)] {
    try texts.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { throw ValidationError("\(option) \(text): write KEY=VALUE") }
      return (String(parts[0]), String(parts[1]))
    }
  }
}
