// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import Telemetry
import Testbed
import Testing

extension TelemetrySoakTests {
  /// More than a receiver has memory for, sent to `swerve otlp run` with a limit of 256 MB. Full size: 64 connections
  /// with a thousand exports under way on each.
  @Suite struct OverloadSoakTests {
    private static let memoryBytesMax = 256 << 20

    private static func configuration(_ grpc: UInt16, _ http: UInt16, _ farEnd: Int) -> String {
      """
      extensions:
        memory_limiter:
          limit_mib: 256
      receivers:
        otlp:
          protocols:
            grpc:
              endpoint: 127.0.0.1:\(grpc)
            http:
              endpoint: 127.0.0.1:\(http)
      exporters:
        otlp:
          endpoint: http://127.0.0.1:\(farEnd)
          compression: none
          timeout: 60s
          retry_on_failure:
            initial_interval: 50ms
            max_interval: 500ms
            max_elapsed_time: 0s
      service:
        extensions: [memory_limiter]
        pipelines:
          traces:
            receivers: [otlp]
            exporters: [otlp]
          metrics:
            receivers: [otlp]
            exporters: [otlp]
      """
    }

    /// Every acknowledged export arrives at a far end that is short of room now and then; the others are refused in
    /// ways that say "again".
    @Test(arguments: [10 << 10, 100 << 10]) func manyExportsAtOnceInLittleMemory(byteCount: Int) async throws {
      let export = try NumberedExport(byteCount: byteCount)
      let sink = NumberedSink(export, refusesEvery: 50)
      let farEnd = try await FarReceiver(.traces, sink)
      let swerve = try await SwerveProcess { grpc, http, _ in Self.configuration(grpc, http, farEnd.port) }
      let inFlight = TelemetrySoakTests.isFull ? 1000 : 100
      let count = 64 * inFlight
      let load = ExportLoad(export, inFlight: inFlight, count: count)
      let result = try await load.run(
        port: Int(swerve.grpcPort), connections: 64, within: .seconds(TelemetrySoakTests.isFull ? 150 : 2))
      let acknowledged = Set(result.acknowledged)
      let allArrived = await eventually(within: .seconds(60)) {
        try? await Task.sleep(for: .milliseconds(50))
        return swerve.process.ended != nil || acknowledged.isSubset(of: sink.counts.keys)
      }
      let peak = try swerve.peakResidentBytes
      print(
        """
        manyExportsAtOnceInLittleMemory: \(count) of \(byteCount >> 10) KiB, at most \(result.underWayMax) under way; \
        \(acknowledged.count) acknowledged, \(result.unavailable) times refused, \(result.refusedStreams) \
        REFUSED_STREAM, \(result.givenUp) given up; \
        \(sink.counts.count) arrived, \(sink.counts.values.reduce(0) { $0 + $1 - 1 }) twice; peak \(peak >> 20) MiB
        """)
      #expect(swerve.process.ended == nil, "\(swerve.process.errors)")
      #expect(allArrived, "\(acknowledged.subtracting(sink.counts.keys).count) acknowledged exports are lost")
      #expect(result.others == [:])
      #expect(acknowledged.count > 100)
      #expect(peak < Self.memoryBytesMax)
      await farEnd.stop()
    }

    /// h2load, which sends as fast as the receiver lets it, over HTTP: what it was told is in the status.
    @Test(.enabled(if: Programs.find("h2load") != nil, "h2load is not installed"))
    func h2loadIsAnsweredInLittleMemory() async throws {
      let telemetry = try TestTelemetry().request(.metrics, number: 1, itemCount: 300, run: 1, now: 1_700_000_000)
      let farEnd = try await FarReceiver(.metrics, CountingSink())
      let swerve = try await SwerveProcess { grpc, http, _ in Self.configuration(grpc, http, farEnd.port) }
      let directory = try TemporaryDirectory(named: "h2load")
      let file = "\(directory.path)/body"
      try Data(telemetry.protobuf.readableBytesView).write(to: URL(filePath: file))
      let (inFlight, count) = TelemetrySoakTests.isFull ? (1000, 128_000) : (100, 6400)
      let h2load = try await ChildProcess.run(
        "h2load",
        [
          "-c", "64", "-m", "\(inFlight)", "-n", "\(count)", "-d", file, "-H", "content-type: application/x-protobuf",
          "http://127.0.0.1:\(swerve.httpPort)/v1/metrics",
        ], timeout: .seconds(TelemetrySoakTests.isFull ? 600 : 60))
      #expect(h2load.isSuccess, "\(h2load.errors)")
      let report = try #require(H2LoadReport(h2load.output), "\(h2load.output)")
      let items = report.succeeded * telemetry.itemCount
      let allArrived = await eventually(within: .seconds(60)) { farEnd.itemCount >= items }
      let peak = try swerve.peakResidentBytes
      print(
        """
        h2loadIsAnsweredInLittleMemory: \(count) of \(telemetry.protobuf.readableBytes) bytes; \(report); \
        \(farEnd.itemCount) of \(items) items arrived; peak \(peak >> 20) MiB
        """)
      #expect(swerve.process.ended == nil, "\(swerve.process.errors)")
      #expect(allArrived)
      // Nothing but 200 and 503, every request answered.
      #expect(report.succeeded > 100 && report.succeeded + report.serverErrors == count)
      #expect(peak < Self.memoryBytesMax)
      await farEnd.stop()
    }
  }
}

/// What h2load says at its end.
private struct H2LoadReport {
  /// 2xx.
  var succeeded: Int
  /// 5xx.
  var serverErrors: Int

  init?(_ output: String) {
    guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("status codes:") }) else { return nil }
    let numbers = line.split { !$0.isNumber }.compactMap { Int($0) }
    // "status codes: A 2xx, B 3xx, C 4xx, D 5xx"
    guard numbers.count == 8 else { return nil }
    (succeeded, serverErrors) = (numbers[0], numbers[6])
  }
}
