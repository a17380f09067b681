// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// The addresses of a server's name: whose turn it is, and which have failed lately.
///
/// For the client's event loop only.
final class AddressBook {
  private let configuration: HTTPClient.Configuration
  private let eventLoop: any EventLoop
  private(set) var addresses: [SocketAddress] = []
  private var next = 0
  private var resolvedAt: NIODeadline?
  /// Until when they are tried after the others.
  private var failed: [SocketAddress: NIODeadline] = [:]

  init(_ configuration: HTTPClient.Configuration, on eventLoop: any EventLoop) {
    self.configuration = configuration
    self.eventLoop = eventLoop
  }

  /// The addresses in the order they are to be tried, resolved anew when they are old or one has failed.
  ///
  /// - Parameter avoiding: those that have a connection; they come last.
  func order(avoiding: [SocketAddress], _ completion: @escaping (Result<[SocketAddress], TransportError>) -> Void) {
    let isFresh = resolvedAt.map { $0 + TimeAmount(configuration.resolveInterval) > .now() } ?? false
    guard !isFresh || !failed.isEmpty || addresses.isEmpty else {
      return completion(.success(rotated(avoiding)))
    }
    if let address = try? SocketAddress(ipAddress: configuration.host, port: configuration.port) {
      addresses = [address]
      resolvedAt = .now()
      return completion(.success(addresses))
    }
    let (resolve, host, port) = (configuration.resolve, configuration.host, configuration.port)
    NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) { () -> Result<[SocketAddress], TransportError> in
      do throws(TransportError) {
        return .success(try resolve(host, port))
      } catch {
        return .failure(error)
      }
    }.assumeIsolated().whenComplete { result in
      switch result {
      case .success(.success(let addresses)):
        self.take(addresses)
        completion(.success(self.rotated(avoiding)))
      // What was known before may still be right when the resolver has a bad moment.
      case .success(.failure) where !self.addresses.isEmpty: completion(.success(self.rotated(avoiding)))
      case .success(.failure(let error)): completion(.failure(error))
      case .failure(let error):
        completion(.failure(TransportError(.connectFailed, "cannot resolve \(host): \(error)", isUnprocessed: true)))
      }
    }
  }

  func hasFailed(_ address: SocketAddress) {
    failed[address] = .now() + TimeAmount(configuration.resolveInterval)
  }

  func hasConnected(_ address: SocketAddress) { failed[address] = nil }

  /// Whether there is one worth a connection besides those that have one.
  func hasOther(than connected: [SocketAddress]) -> Bool {
    addresses.contains { !isFailed($0) && !connected.contains($0) }
  }

  private func isFailed(_ address: SocketAddress) -> Bool {
    failed[address].map { $0 > .now() } ?? false
  }

  private func take(_ addresses: [SocketAddress]) {
    self.addresses = addresses
    resolvedAt = .now()
    failed = failed.filter { addresses.contains($0.key) }
  }

  /// Each call begins one further. Those that failed, and those that are connected, are tried after the others.
  private func rotated(_ connected: [SocketAddress]) -> [SocketAddress] {
    let first = next % max(1, addresses.count)
    next = first + 1
    let turns = Array(addresses[first...] + addresses[..<first])
    func rank(_ address: SocketAddress) -> Int {
      (isFailed(address) ? 2 : 0) + (connected.contains(address) ? 1 : 0)
    }
    return (0...3).flatMap { wanted in turns.filter { rank($0) == wanted } }
  }
}
