// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import NIOCore
import NIOPosix
import Testbed
import Testing

@testable import Telemetry

/// A receiver written in Python (Scripts/far-end.py), which can be killed and started again on the same port.
final class FarEnd {
  /// A request as it was taken down.
  struct Entry: Decodable {
    var signal: String
    var services: [String]
    /// In seconds since 1970.
    var time: Double
    /// Not refused by the plan.
    var taken: Bool
    var headers: [String: String]
    var path: String?
    var client: String?
  }

  let exportProtocol: ExportProtocol
  let port: UInt16
  private let directory: TemporaryDirectory
  private let tls: SelfSigned?
  private var process: ChildProcess?

  /// - Parameter plan: see the script.
  init(_ exportProtocol: ExportProtocol, plan: String = "[]", tls: SelfSigned? = nil) async throws {
    self.exportProtocol = exportProtocol
    self.tls = tls
    directory = try TemporaryDirectory(named: "far-end")
    port = try FreePort.find(on: ["127.0.0.1"])
    try await start(plan: plan)
  }

  func start(plan: String = "[]") async throws {
    let kind = exportProtocol == .grpc ? "grpc" : "http"
    var arguments = [kind, "\(port)", "\(directory.path)/log", plan]
    if let tls { arguments += ["--tls", tls.certificate, tls.key, tls.certificate] }
    let process = try PeerPython.start("far-end.py", of: "TelemetryTests", arguments)
    self.process = process
    guard await eventually({ process.output.contains("ready") || process.ended != nil }), process.ended == nil else {
      throw TestbedError("start far-end.py", reason: process.errors)
    }
  }

  /// As a crash would.
  func kill() {
    process?.kill()
    process = nil
  }

  var entries: [Entry] {
    get throws {
      let text = (try? String(contentsOfFile: "\(directory.path)/log", encoding: .utf8)) ?? ""
      // A line that is being written, or was when it was killed, is no entry.
      return text.split(separator: "\n").compactMap { try? JSONDecoder().decode(Entry.self, from: Data($0.utf8)) }
    }
  }

  var connection: ConnectionSettings {
    var settings = ConnectionSettings(
      exportProtocol, Endpoint(isTLS: tls != nil, host: "127.0.0.1", port: Int(port)))
    settings.tls.caFile = tls?.certificate
    settings.tls.certFile = tls?.certificate
    settings.tls.keyFile = tls?.key
    return settings
  }

  func client(_ change: (inout ConnectionSettings) -> Void = { _ in }) throws -> any ExportClient {
    var settings = connection
    change(&settings)
    let group = MultiThreadedEventLoopGroup.singleton
    return exportProtocol == .grpc
      ? try GRPCExportClient(settings, group: group) : try HTTPExportClient(settings, group: group)
  }

  /// An exporter whose intervals are short.
  func exporter(
    _ queue: any RequestQueue, timeout: Duration = .seconds(10), _ client: (any ExportClient)? = nil
  ) throws -> OTLPExporter {
    var settings = DeliverySettings()
    settings.timeout = timeout
    settings.drainTimeout = .seconds(20)
    settings.retry.initialInterval = .milliseconds(20)
    settings.retry.maxInterval = .milliseconds(100)
    return OTLPExporter("otlp", settings, queue: queue, client: try client ?? self.client(), logger: .silent)
  }
}

/// One certificate for all: authority, server and client.
final class SelfSigned {
  private let directory: TemporaryDirectory
  var certificate: String { "\(directory.path)/cert.pem" }
  var key: String { "\(directory.path)/key.pem" }

  init() throws {
    directory = try TemporaryDirectory(named: "certificate")
    let request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=far-end"
    let openssl = try ChildProcess(
      "openssl",
      request.split(separator: " ").map(String.init) + [
        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
      ])
    guard try openssl.wait(timeout: .seconds(10)) == .exited(0) else {
      throw TestbedError("openssl req", reason: openssl.errors)
    }
  }
}

extension Logger {
  static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension EncodedRequest {
  /// One data point of each service.
  static func metrics(_ services: [String]) throws -> EncodedRequest {
    EncodedRequest(signal: .metrics, protobuf: try Requests.metrics(services: services), itemCount: services.count)
  }
}
