// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import OTLP
import Synchronization
import Telemetry
import Testbed
import Transport

/// Receives requests by gRPC from h2load, and looks at every data point, as the policy engine would.
///
/// One event loop; h2load has a processor of its own. The figure is of the processor time that the whole process
/// took: what the kernel does for its sockets is in it.
enum ReceiveMeasurement {
  /// From the socket to points that were looked at (issue 6).
  private static let pointsPerSecondMin = 400_000.0
  private static let rounds = 5
  private static let connections = 4
  private static let streams = 8

  static func run(_ directory: URL) async throws {
    guard Programs.find("h2load") != nil else {
      print("h2load is not installed (Debian: nghttp2-client): receiving was not measured")
      return
    }
    for (name, requests) in [("benchmark", 300), ("export", 20_000)] {
      let rates = try await rates(directory.appending(path: "\(name).pb"), requests)
      let median = rates.sorted()[rates.count / 2]
      if name == "benchmark", median < pointsPerSecondMin {
        print("below the bar of \(Int(pointsPerSecondMin)) points/s")
        exit(1)
      }
    }
  }

  /// Points per second of processor time, a figure for each round.
  private static func rates(_ file: URL, _ requests: Int) async throws -> [Double] {
    let request = [UInt8](try Data(contentsOf: file))
    let framed = try TemporaryDirectory(named: "otlp-benchmark")
    let path = "\(framed.path)/request.grpc"
    try Data([0] + withUnsafeBytes(of: UInt32(request.count).bigEndian) { [UInt8]($0) } + request)
      .write(to: URL(filePath: path))
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let consumer = VisitingConsumer()
    var settings = OTLPReceiverSettings()
    settings.grpc = OTLPServerSettings(host: "127.0.0.1", port: 0)
    let receiver = try OTLPReceiver(
      settings, FanOut([Pipeline("metrics", .metrics, consumers: [consumer])]),
      budget: MemoryBudget(bytesMax: 1 << 30), group: group)
    let port = try await receiver.start()[0].port ?? 0
    var rates: [Double] = []
    for round in 0...rounds {
      let measured = try await measure(path, port, requests, consumer)
      // The first warms up.
      if round > 0 { rates.append(measured) }
    }
    await receiver.drain(within: .seconds(1))
    try await group.shutdownGracefully()
    let sorted = rates.sorted()
    let label = "receive \(request.count) bytes by gRPC"
    let figures = String(
      format: "%.2f M points/s and core, median of %d rounds (%.2f to %.2f), %.0f MB/s", sorted[rounds / 2] / 1e6,
      rounds,
      sorted[0] / 1e6, sorted[rounds - 1] / 1e6,
      sorted[rounds / 2] / Double(consumer.pointsOfOne) * Double(request.count) / 1e6)
    print(label.padding(toLength: 30, withPad: " ", startingAt: 0), figures)
    return rates
  }

  private static func measure(
    _ path: String, _ port: Int, _ requests: Int, _ consumer: VisitingConsumer
  ) async throws -> Double {
    let before = (points: consumer.points, seconds: processorSeconds())
    let load = try ChildProcess(
      "h2load",
      [
        "-n", "\(requests)", "-c", "\(connections)", "-m", "\(streams)", "-w", "24", "-W", "24", "-d", path,
        "-H", "content-type: application/grpc", "-H", "te: trailers",
        "http://127.0.0.1:\(port)\(Signal.metrics.exportMethod)",
      ], .init(processor: Processor.forClients))
    while load.ended == nil { try await Task.sleep(for: .milliseconds(20)) }
    let points = consumer.points - before.points
    let seconds = processorSeconds() - before.seconds
    guard points == requests * consumer.pointsOfOne else {
      throw TestbedError("measure receiving", reason: "\(points) points came: \(load.output)")
    }
    return Double(points) / seconds
  }

  /// Of all threads of this process.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Looks at all points of every request.
private final class VisitingConsumer: TelemetryConsumer {
  private let count = Atomic(0)
  private let ofOne = Atomic(0)

  var points: Int { count.load(ordering: .relaxed) }
  /// Of the last request.
  var pointsOfOne: Int { ofOne.load(ordering: .relaxed) }

  func consume(_ request: TelemetryRequest, _ context: ReceiveContext) throws(Refusal) {
    guard case .metrics(let request) = request else { return }
    var visit = MetricsVisit()
    visit.see(request.view(Metrics.ExportRequest.self))
    count.add(visit.points, ordering: .relaxed)
    ofOne.store(visit.points, ordering: .relaxed)
  }
}
