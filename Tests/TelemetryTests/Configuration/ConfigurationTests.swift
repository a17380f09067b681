// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Telemetry
import Testing

/// What is wrong with a configuration, a line each.
private func complaints(_ text: String, environment: [String: String] = [:]) -> [String] {
  ConfigurationParser.parse(Array(text.utf8), path: "t.yaml", environment: environment).diagnostics.map(\.description)
}

/// A configuration around some lines, which stand in place of the default ones of their section.
private func configuration(
  receivers: String = "  otlp:\n    protocols:\n      grpc:", processors: String = "  batch:",
  exporters: String = "  debug:", extra: String = "", pipelines: String? = nil
) -> String {
  """
  receivers:
  \(receivers)
  processors:
  \(processors)
  exporters:
  \(exporters)
  \(extra)
  service:
    pipelines:
  \(pipelines ?? "    metrics:\n      receivers: [otlp]\n      exporters: [debug]")
  """
}

struct ConfigurationTests {
  private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardized

  @Test(arguments: ["agent.yaml", "gateway.yaml"]) func examplesAreValid(name: String) throws {
    let data = try Data(contentsOf: Self.root.appending(path: "deploy/telemetry/\(name)"))
    let (configuration, diagnostics) = ConfigurationParser.parse([UInt8](data), path: name, environment: [:])
    #expect(diagnostics.isEmpty, "\(diagnostics)")
    #expect(configuration != nil)
  }

  @Test func theAgentsExampleIsReadAsItIsWritten() throws {
    let data = try Data(contentsOf: Self.root.appending(path: "deploy/telemetry/agent.yaml"))
    let environment = ["SWERVE_GATEWAY": "https://gateway:4317"]
    let parsed = ConfigurationParser.parse([UInt8](data), path: "agent.yaml", environment: environment)
    let configuration = try #require(parsed.value)
    #expect(configuration.memoryLimitBytes == 256 << 20)
    #expect(configuration.receivers[ComponentID("otlp")]?.http?.port == 4318)
    guard case .otlp(let exporter) = configuration.exporters[ComponentID("otlp")] else {
      Issue.record("no exporter")
      return
    }
    #expect(exporter.connection.endpoint.description == "https://gateway:4317")
    #expect(exporter.queue.storage == ComponentID("file_storage"))
    #expect(exporter.queue.capacity == 10_000)
    #expect(exporter.delivery.retry.maxElapsedTime == .zero)
    #expect(configuration.pipelines.map(\.name) == ["metrics", "traces", "logs"])
  }

  @Test func theGatewaysExampleIsReadAsItIsWritten() throws {
    let data = try Data(contentsOf: Self.root.appending(path: "deploy/telemetry/gateway.yaml"))
    let parsed = ConfigurationParser.parse([UInt8](data), path: "gateway.yaml", environment: [:])
    let configuration = try #require(parsed.value)
    let receiver = try #require(configuration.receivers[ComponentID("otlp")])
    #expect(receiver.grpc?.tls?.clientCertificates == .required)
    #expect(receiver.grpc?.authenticator == ComponentID("spiffe"))
    #expect(receiver.grpc?.requestBytesMax == 16 << 20)
    #expect(receiver.tenantLimits["payments"]?.requestsPerSecond == 2000)
    #expect(receiver.defaultTenantLimit.bytesPerSecond == 20_000_000)
    #expect(
      configuration.connectors[ComponentID("routing", "tenants")]?.rules.map(\.condition) == [.tenant("payments")])
  }

  /// Line, column, reason and next step of a mistake.
  @Test(arguments: [
    (
      configuration(receivers: "  otpl:\n    protocols:\n      grpc:"),
      "there is no receiver of type `otpl`; did you mean `otlp`?"
    ),
    (configuration(receivers: "  otlp:"), "missing field `protocols`"),
    (configuration(receivers: "  otlp:\n    protocols:\n      gprc:"), "unknown field `gprc`; did you mean `grpc`?"),
    (
      configuration(receivers: "  otlp:\n    protocols:\n      grpc:\n        endpoint: localhost"),
      #""localhost" is not an endpoint; write HOST:PORT"#
    ),
    (
      configuration(receivers: "  otlp:\n    protocols:\n      grpc:\n        tls:\n          cert_file: a.pem"),
      "missing field `key_file`"
    ),
    (
      configuration(receivers: "  otlp:\n    protocols:\n      grpc:\n        auth:\n          authenticator: oidc"),
      "no extension is called `oidc`"
    ),
    (configuration(processors: "  tail_sampling:"), "there is no processor of type `tail_sampling`"),
    (
      configuration(processors: "  attributes:\n    actions:\n      - key: a\n        action: remove"),
      "remove"
    ),
    (
      configuration(processors: "  attributes:\n    actions:\n      - key: a\n        action: insert"),
      "missing field `value`; or write from_attribute"
    ),
    (
      configuration(processors: "  probabilistic_sampler:\n    sampling_percentage: 101"),
      "101 is not between 0 and 100"
    ),
    (configuration(exporters: "  otlp:\n  debug:"), "missing field `endpoint`"),
    (
      configuration(exporters: "  otlphttp:\n    endpoint: collector:4318\n  debug:"), "there is no scheme"
    ),
    (
      configuration(exporters: "  otlp:\n    endpoint: a:1\n    sending_queue:\n      storage: disk\n  debug:"),
      "no file_storage extension is called `disk`"
    ),
    (
      configuration(
        exporters: "  otlp:\n    endpoint: a:1\n    sending_queue:\n      block_on_overflow: true\n  debug:"),
      "`block_on_overflow` is not supported: a full queue refuses"
    ),
    (
      configuration(pipelines: "    metric:\n      receivers: [otlp]\n      exporters: [debug]"),
      "there is no pipeline of type `metric`; did you mean `metrics`?"
    ),
    (
      configuration(pipelines: "    metrics:\n      receivers: [otlp]\n      exporters: [debgu]"),
      "no exporter or connector is called `debgu`; did you mean `debug`?"
    ),
    (
      configuration(
        processors: "  probabilistic_sampler:\n    sampling_percentage: 10",
        pipelines:
          "    metrics:\n      receivers: [otlp]\n      processors: [probabilistic_sampler]\n      exporters: [debug]"),
      "`probabilistic_sampler` does not process metrics"
    ),
    (
      configuration(
        extra: "connectors:\n  routing:\n    table:\n      - condition: tenant = a\n        pipelines: [metrics]"),
      #"is not understood; write request["KEY"] == "VALUE""#
    ),
    (
      configuration(
        extra: "connectors:\n  routing:\n    default_pipelines: [metrics]\n    table: []",
        pipelines: "    metrics:\n      receivers: [otlp, routing]\n      exporters: [routing]"),
      "the pipeline `metrics` leads back to itself"
    ),
    (
      configuration(
        extra: "connectors:\n  routing:\n    default_pipelines: [metrics/x]\n    table: []",
        pipelines: "    metrics:\n      receivers: [otlp]\n      exporters: [routing]"),
      "leads to the pipeline `metrics/x`, which is not defined"
    ),
    ("", "the file holds no configuration"),
    ("receivers: {}\n", "missing field `exporters`"),
    ("a: [", "t.yaml:"),
  ])
  func mistakesAreNamed(text: String, expected: String) {
    let found = complaints(text)
    #expect(found.contains { $0.contains(expected) }, "\(found)")
    #expect(ConfigurationParser.parse(Array(text.utf8), path: "t", environment: [:]).value == nil)
  }

  @Test func aMistakeHasItsPlace() {
    let text = configuration(receivers: "  otlp:\n    protocols:\n      grpc:\n        endpoint: localhost")
    #expect(complaints(text).first?.hasPrefix("t.yaml:5:19: receivers.otlp.protocols.grpc.endpoint:") == true)
  }

  @Test func variablesOfTheEnvironmentArePutIn() throws {
    let text = configuration(exporters: "  otlp:\n    endpoint: ${env:HOST}:${env:PORT:-4317}\n  debug:")
    let parsed = ConfigurationParser.parse(Array(text.utf8), path: "t", environment: ["HOST": "gateway"])
    guard case .otlp(let exporter) = parsed.value?.exporters[ComponentID("otlp")] else {
      Issue.record("\(parsed.diagnostics)")
      return
    }
    #expect(exporter.connection.endpoint.authority == "gateway:4317")
    #expect(complaints(text).contains { $0.contains("the environment has no HOST; set it") })
  }
}
