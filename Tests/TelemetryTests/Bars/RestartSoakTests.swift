// SPDX-License-Identifier: Apache-2.0

import NIOPosix
import Testbed
import Testing

@testable import Telemetry

extension TelemetrySoakTests {
  /// `swerve otlp run` with a queue on disk, between a sender and a far end; both it and the far end are killed in
  /// mid-stream (SIGKILL) and started again. Full size: ten deaths of each.
  @Suite(.enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)")) struct RestartSoakTests {
    private static let deaths = TelemetrySoakTests.isFull ? 10 : 2

    private static func configuration(_ grpc: UInt16, _ http: UInt16, _ directory: String, _ farEnd: UInt16) -> String {
      """
      extensions:
        file_storage:
          directory: \(directory)
      receivers:
        otlp:
          protocols:
            grpc:
              endpoint: 127.0.0.1:\(grpc)
            http:
              endpoint: 127.0.0.1:\(http)
      processors:
        batch:
          send_batch_size: 100
          send_batch_max_size: 100
          timeout: 20ms
      exporters:
        otlp:
          endpoint: http://127.0.0.1:\(farEnd)
          timeout: 5s
          retry_on_failure:
            initial_interval: 50ms
            max_interval: 200ms
            max_elapsed_time: 0s
          sending_queue:
            queue_size: 100000
            storage: file_storage
      service:
        extensions: [file_storage]
        pipelines:
          metrics:
            receivers: [otlp]
            processors: [batch]
            exporters: [otlp]
      """
    }

    @Test func everyAcknowledgedItemIsDeliveredAtLeastOnce() async throws {
      let farEnd = try await FarEnd(.grpc)
      let swerve = try await SwerveProcess { Self.configuration($0, $1, $2, farEnd.port) }
      let settings = ConnectionSettings(.grpc, Endpoint(host: "127.0.0.1", port: Int(swerve.grpcPort)))
      let sender = NumberedSender([try GRPCExportClient(settings, group: MultiThreadedEventLoopGroup.singleton)])
      let sending = Task { try await sender.run() }
      for _ in 0..<Self.deaths {
        try await sender.waitForMore(200)
        farEnd.kill()
        try await sender.waitForMore(200)
        try await farEnd.start()
        try await sender.waitForMore(200)
        swerve.kill()
        try await swerve.restart()
      }
      try await sender.waitForMore(200)
      sender.stop()
      try await sending.value
      let acknowledged = sender.acknowledged
      var delivered: [Int] = []
      let allArrived = try await eventually(within: .seconds(60)) {
        try? await Task.sleep(for: .milliseconds(200))
        delivered = try farEnd.entries.flatMap(\.services).compactMap { Int($0) }
        return acknowledged.isSubset(of: delivered)
      }
      let duplicates = delivered.count - Set(delivered).count
      print(
        """
        everyAcknowledgedItemIsDeliveredAtLeastOnce: \(Self.deaths) deaths of each end; \(acknowledged.count) \
        acknowledged, \(Set(delivered).count) delivered, \(duplicates) of them more than once
        """)
      #expect(allArrived, "\(acknowledged.subtracting(delivered).count) acknowledged items are lost")
      // Requests that were under way when an end was lost: ten batches of a hundred at each death.
      #expect(duplicates <= Self.deaths * 2 * 1000)
    }
  }
}
