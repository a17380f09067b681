// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization

/// The open connections of a server, over all event loops.
final class ServerConnections: Sendable {
  private struct State {
    var connections: [ObjectIdentifier: NIOLoopBound<ServerConnection>] = [:]
    var isDraining = false
    var whenEmpty: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  var count: Int { state.withLock(\.connections.count) }

  /// False: the server drains, and takes none.
  func add(_ connection: ServerConnection, on eventLoop: any EventLoop) -> Bool {
    let bound = NIOLoopBound(connection, eventLoop: eventLoop)
    return state.withLock { state in
      guard !state.isDraining else { return false }
      state.connections[ObjectIdentifier(connection)] = bound
      return true
    }
  }

  func remove(_ connection: ServerConnection) {
    let whenEmpty = state.withLock { state -> CheckedContinuation<Void, Never>? in
      state.connections[ObjectIdentifier(connection)] = nil
      return state.connections.isEmpty ? state.whenEmpty.take() : nil
    }
    whenEmpty?.resume()
  }

  /// Asks all to drain.
  func drain() {
    for connection in takeNoMore() { connection.execute { $0.drain() } }
  }

  /// Closes all that are left. Each is counted before it closes: whoever waits for the last one finds it counted.
  func close(counting count: () -> Void) {
    for connection in takeNoMore() {
      count()
      connection.execute { $0.close() }
    }
  }

  /// - Returns: those that are open.
  private func takeNoMore() -> [NIOLoopBound<ServerConnection>] {
    state.withLock { state in
      state.isDraining = true
      return Array(state.connections.values)
    }
  }

  /// Waits until none is open. For one caller.
  func waitUntilEmpty() async {
    await withCheckedContinuation { continuation in
      let isEmpty = state.withLock { state in
        if !state.connections.isEmpty { state.whenEmpty = continuation }
        return state.connections.isEmpty
      }
      if isEmpty { continuation.resume() }
    }
  }
}

extension NIOLoopBound where Value: AnyObject {
  /// Runs `body` with the value on its event loop.
  fileprivate func execute(_ body: @escaping @Sendable (Value) -> Void) {
    eventLoop.execute { body(self.value) }
  }
}
