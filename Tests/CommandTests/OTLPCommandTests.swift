// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

@testable import swerve

@Suite struct OTLPCommandTests {
  private static let examples = URL(filePath: Command.policies).deletingLastPathComponent()
    .appending(path: "deploy/telemetry").path

  @Test func examplesAreValid() throws {
    let validate = try Command(["otlp", "validate", "\(Self.examples)/agent.yaml", "\(Self.examples)/gateway.yaml"])
    #expect(validate.exitCode == 0, "\(validate.output)")
    #expect(validate.output.contains("agent.yaml: 3 pipelines, valid"))
  }

  @Test func aMistakeIsNamedAndExitsWith65() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("t.yaml", "receivers:\n  otpl:\nexporters:\n  debug:\nservice:\n  pipelines:\n")
    let validate = try Command(["otlp", "validate", file])
    #expect(validate.exitCode == 65)
    #expect(validate.output.contains("t.yaml:3:1:") || validate.output.contains("did you mean `otlp`?"))
    let json = try Command(["otlp", "validate", "--json", file])
    #expect(json.exitCode == 65)
    let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(list?.isEmpty == false)
    let run = try Command(["otlp", "run", file])
    #expect(run.exitCode == 65 && run.errors.contains("did you mean `otlp`?"))
    let missing = try Command(["otlp", "run", "\(file).none"])
    #expect(missing.exitCode == 65 && missing.errors.contains("no such file"))
  }

  @Test(arguments: [
    ["otlp", "dump", "--no-grpc", "--no-http"], ["otlp", "dump", "--grpc", "nowhere"], ["otlp", "dump", "--cert", "a"],
    ["otlp", "send", "--requests", "0"], ["otlp", "send", "--signal", "profiles"],
    ["otlp", "send", "--attribute", "x"], ["otlp", "send", "--key", "k"],
  ]) func badUsageExitsWith64(arguments: [String]) throws {
    let command = try Command(arguments)
    #expect(command.exitCode == 64, "\(command.errors)")
  }

  @Test(arguments: ["grpc", "http/protobuf", "http/json"]) func whatIsSentIsDumped(exportProtocol: String) async throws
  {
    let port = try FreePort.find(on: ["127.0.0.1"])
    let dump = try ChildProcess(
      Command.binary, ["otlp", "dump", "--grpc", "127.0.0.1:\(port)", "--no-http", "--count", "3"])
    let isListening = await eventually { dump.errors.contains("listening on 127.0.0.1:\(port)") }
    try #require(isListening)
    let send = try Command([
      "otlp", "send", "--endpoint", "http://127.0.0.1:\(port)", "--protocol", exportProtocol, "--items", "4",
      "--service", "checkout", "--attribute", "k8s.node.name=a", "--json",
    ])
    #expect(send.exitCode == 0, "\(send.errors)\(send.output)")
    let report = try send.json()
    #expect(report["accepted"] as? Int == 3)
    #expect(report["items"] as? [String: Int] == ["metrics": 4, "traces": 4, "logs": 4])
    _ = await eventually { dump.ended != nil }
    #expect(dump.ended == .exited(0))
    #expect(dump.output.contains("traces: 4 spans from checkout"))
    #expect(dump.output.contains("http.server.requests{"))
    #expect(dump.output.contains("ERROR") || dump.output.contains("INFO"))
  }

  @Test func nothingThereIsAFailureWorthAnotherAttempt() throws {
    let port = try FreePort.find(on: ["127.0.0.1"])
    let send = try Command([
      "otlp", "send", "--endpoint", "http://127.0.0.1:\(port)", "--protocol", "grpc", "--timeout", "2",
    ])
    #expect(send.exitCode == 1)
    #expect(send.output.contains("worth another attempt"), "\(send.output)")
  }
}
