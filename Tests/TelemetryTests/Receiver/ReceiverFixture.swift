// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Telemetry
import Transport

/// A receiver on ports of its own, whose requests end in sinks.
final class ReceiverFixture: Sendable {
  let receiver: OTLPReceiver
  let budget: MemoryBudget
  let sinks: [Signal: RecordingSink]
  let grpcPort: Int
  let httpPort: Int

  /// - Parameter configure: changes both servers' settings.
  init(
    signals: [Signal] = Signal.allCases, budgetBytes: Int = 256 << 20, authenticator: (any Authenticator)? = nil,
    refusing refusal: Refusal? = nil, tenants: [String: TenantLimit] = [:],
    configure: (inout OTLPServerSettings) -> Void = { _ in }
  ) async throws {
    let sinks = Dictionary(uniqueKeysWithValues: signals.map { ($0, RecordingSink(refusing: refusal)) })
    let fanOut = FanOut(sinks.map { Pipeline($0.rawValue, $0, sinks: [$1]) })
    var server = OTLPServerSettings(host: "127.0.0.1", port: 0)
    configure(&server)
    if authenticator != nil { server.authenticator = ComponentID("test") }
    var settings = OTLPReceiverSettings()
    settings.grpc = server
    settings.http = server
    settings.tenantLimits = tenants
    budget = MemoryBudget(bytesMax: budgetBytes)
    receiver = try OTLPReceiver(
      settings, fanOut, authenticators: authenticator.map { [ComponentID("test"): $0] } ?? [:], budget: budget,
      group: MultiThreadedEventLoopGroup.singleton)
    let addresses = try await receiver.start()
    self.sinks = sinks
    grpcPort = addresses[0].port ?? 0
    httpPort = addresses[1].port ?? 0
  }

  func items(_ signal: Signal) -> Int { sinks[signal]?.taken.map(\.itemCount).reduce(0, +) ?? 0 }

  /// Ends it; every reservation has to be back.
  func stop() async {
    await receiver.drain(within: .seconds(2))
  }
}
