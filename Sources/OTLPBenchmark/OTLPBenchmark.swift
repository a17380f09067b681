// SPDX-License-Identifier: Apache-2.0

import CMalloc
import Foundation
import OTLP

/// Reads one request of metrics, in protobuf and in JSON, over and over; then receives it by gRPC. Run by
/// `make bench-otlp`, which has the OpenTelemetry SDK make the request.
///
/// A figure of reading is the best of many rounds, in processor time of this thread, so that a busy machine makes little
/// of a difference. Status 1 when a bar is missed.
@main struct OTLPBenchmark {
  /// From bytes to data points that were looked at (issue 6).
  private static let megabytesPerSecondMin = 400.0
  private static let rounds = 200

  static func main() async throws {
    guard CommandLine.arguments.count == 2 else {
      FileHandle.standardError.write(Data("usage: otlp-benchmark DIRECTORY\n".utf8))
      exit(2)
    }
    let directory = URL(filePath: CommandLine.arguments[1])
    let protobuf = [UInt8](try Data(contentsOf: directory.appending(path: "benchmark.pb")))
    let json = [UInt8](try Data(contentsOf: directory.appending(path: "benchmark.json")))
    var decoder = try Decoder()
    var visit = MetricsVisit()
    do {
      let request = try decoder.decode(Metrics.ExportRequest.self, from: protobuf.span.bytes)
      visit.see(request)
    }
    let points = visit.points
    print("request: \(protobuf.count) bytes of protobuf, \(json.count) of JSON, \(points) points")
    let blocks = heapBlocks()
    let seconds = try best {
      let request = try decoder.decode(Metrics.ExportRequest.self, from: protobuf.span.bytes)
      visit.see(request)
    }
    print("heap: \(heapBlocks() - blocks) bytes more after \(rounds) requests")
    let rate = report("read protobuf, visit points", protobuf.count, seconds, points)
    let plain = try best {
      _ = try decoder.decode(Metrics.ExportRequest.self, from: protobuf.span.bytes).resourceMetrics.count
    }
    report("read protobuf", protobuf.count, plain, points)
    let fromJSON = try best {
      let request = try decoder.decode(Metrics.ExportRequest.self, from: json.span.bytes, as: .json)
      visit.see(request)
    }
    report("read JSON, visit points", json.count, fromJSON, points)
    try measureWriting(protobuf, points)
    let data = Data(json)
    let tree = try best { _ = try JSONSerialization.jsonObject(with: data) }
    report("Foundation: JSON to a tree", json.count, tree, points)
    if rate < megabytesPerSecondMin {
      print("below the bar of \(Int(megabytesPerSecondMin)) MB/s")
      exit(1)
    }
    try await ReceiveMeasurement.run(directory)
  }

  private static func measureWriting(_ protobuf: [UInt8], _ points: Int) throws {
    var decoder = try Decoder()
    let request = try decoder.decode(Metrics.ExportRequest.self, from: protobuf.span.bytes)
    var count = 0
    report("write protobuf", protobuf.count, best { count &+= request.protobuf().count }, points)
    report("write JSON", request.json().count, best { count &+= request.json().count }, points)
  }

  /// Bytes that are allocated in this process.
  private static func heapBlocks() -> Int { Int(mallinfo2().uordblks) }

  @discardableResult
  private static func report(_ name: String, _ bytes: Int, _ seconds: Double, _ points: Int) -> Double {
    let rate = Double(bytes) / seconds / 1e6
    let columns = [
      String(format: "%7.0f MB/s", rate), String(format: "%6.2f M points/s", Double(points) / seconds / 1e6),
    ]
    print(name.padding(toLength: 30, withPad: " ", startingAt: 0), columns.joined(separator: "  "))
    return rate
  }

  private static func best(_ body: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<rounds {
      let start = processorSeconds()
      try body()
      best = min(best, processorSeconds() - start)
    }
    return best
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
