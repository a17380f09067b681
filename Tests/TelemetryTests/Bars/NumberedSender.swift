// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testbed

@testable import Telemetry

/// Sends one item after the other, four at a time over each client, and remembers what was acknowledged. What was not is sent again under
/// another number: whether it was stored is unknown, and must not count.
final class NumberedSender: Sendable {
  private let clients: [any ExportClient]
  private let next = Atomic(0)
  private let stopped = Atomic(false)
  private let state = Mutex<Set<Int>>([])

  init(_ clients: [any ExportClient]) { self.clients = clients }

  var acknowledged: Set<Int> { state.withLock { $0 } }

  func stop() { stopped.store(true, ordering: .relaxed) }

  func run() async throws {
    try await withThrowingTaskGroup { group in
      for client in clients {
        for _ in 0..<4 { group.addTask { try await self.send(client) } }
      }
      try await group.waitForAll()
    }
    for client in clients { await client.shutdown() }
  }

  private func send(_ client: any ExportClient) async throws {
    while !stopped.load(ordering: .relaxed) {
      let number = next.add(1, ordering: .relaxed).oldValue
      if await client.export(try .metrics(["\(number)"]), timeout: .seconds(5)) == .success(nil) {
        state.withLock { _ = $0.insert(number) }
        try await Task.sleep(for: .milliseconds(2))
      } else {
        try await Task.sleep(for: .milliseconds(20))
      }
    }
  }

  /// Until so many more have been acknowledged.
  func waitForMore(_ count: Int) async throws {
    let target = acknowledged.count + count
    let isReached = await eventually(within: .seconds(60)) { state.withLock { $0.count } >= target }
    if !isReached { throw TestbedError("send items", reason: "the receiver has not taken \(count) in a minute") }
  }
}
