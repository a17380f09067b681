// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testbed
import Testing

@testable import Telemetry

/// A stream of requests that both ends interrupt.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"), .serialized)
struct ExportRestartTests {
  private static let count = 300

  @Test(arguments: [ExportProtocol.grpc, .httpProtobuf])
  func whatWasTakenIsDeliveredAtLeastOnceAcrossRestartsOfBothEnds(kind: ExportProtocol) async throws {
    let files = try QueueFiles()
    let farEnd = try await FarEnd(kind)
    var queue: DiskQueue? = try files.open(segmentBytes: 8 << 10)
    var exporter: OTLPExporter? = try queue.map { try farEnd.exporter($0, timeout: .seconds(30)) }
    var running = exporter.map { exporter in Task { await exporter.run() } }
    for number in 0..<Self.count {
      try exporter?.add(.metrics(["\(number)"]))
      try await Task.sleep(for: .milliseconds(1))
      switch number {
      case 60, 200: farEnd.kill()
      case 90, 230: try await farEnd.start()
      case 150:
        // The exporter's process ends without notice; its lock goes with it.
        running?.cancel()
        await running?.value
        (running, exporter, queue) = (nil, nil, nil)
        let again = try await files.reopened()
        queue = again
        let next = try farEnd.exporter(again, timeout: .seconds(30))
        exporter = next
        running = Task { await next.run() }
      default: break
      }
    }
    let isEmpty = await eventually { queue?.counts.requests == 0 }
    #expect(isEmpty)
    exporter?.beginShutdown()
    await running?.value
    let delivered = try farEnd.entries.flatMap(\.services).compactMap { Int($0) }
    #expect(Set(delivered) == Set(0..<Self.count))
    #expect(exporter?.statistics.items[.metrics]?.failed == [:])
    // Those under way when an end was lost come twice.
    #expect(delivered.count - Self.count <= 40, "\(delivered.count - Self.count) duplicates")
  }
}

extension QueueFiles {
  /// Opens the queue again once whoever had it has let go.
  func reopened() async throws -> DiskQueue {
    for _ in 0..<1_000 {
      if let queue = try? open(segmentBytes: 8 << 10) { return queue }
      try await Task.sleep(for: .milliseconds(1))
    }
    return try open(segmentBytes: 8 << 10)
  }
}
