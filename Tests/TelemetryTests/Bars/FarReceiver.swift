// SPDX-License-Identifier: Apache-2.0

import NIOPosix
import Synchronization
import Telemetry
import Transport

/// A far end in this process, which takes one signal by gRPC.
final class FarReceiver: Sendable {
  let port: Int
  private let receiver: OTLPReceiver

  init(_ signal: Signal, _ sink: any TelemetrySink) async throws {
    var settings = OTLPReceiverSettings()
    settings.grpc = OTLPServerSettings(host: "127.0.0.1", port: 0)
    receiver = try OTLPReceiver(
      settings, FanOut([Pipeline(signal.rawValue, signal, sinks: [sink])]), budget: MemoryBudget(bytesMax: 1 << 30),
      group: MultiThreadedEventLoopGroup.singleton)
    port = try await receiver.start().first?.port ?? 0
  }

  /// Items that were taken.
  var itemCount: Int {
    receiver.grpc?.ingest.statistics.snapshot.acceptedItems.values.reduce(0, +) ?? 0
  }

  func stop() async { await receiver.drain(within: .seconds(2)) }
}

/// Takes everything and keeps nothing: the receiver has counted it.
struct CountingSink: TelemetrySink {
  func reserve(_ request: EncodedRequest) throws(Refusal) {}
  func cancel(_ request: EncodedRequest) {}
  func commit(_ request: EncodedRequest) throws(Refusal) {}
}
