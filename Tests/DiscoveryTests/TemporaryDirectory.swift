// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Discovery

/// A directory of its own for one test, removed with it.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "swerve-discovery-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func absolute(_ name: String) -> String { "\(path)/\(name)" }

  /// Opens, truncates and writes, as `cp` does.
  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: absolute(name)))
  }

  /// Writes beside it and renames, as careful programs do.
  func replace(_ name: String, with text: String) throws {
    try write(text, to: ".\(name).tmp")
    try rename(".\(name).tmp", to: name)
  }

  func makeDirectory(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: absolute(name), withIntermediateDirectories: true)
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: absolute(name), withDestinationPath: target)
  }

  func rename(_ old: String, to new: String) throws {
    guard Foundation.rename(absolute(old), absolute(new)) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: absolute(name))
  }

  static func web(_ name: String = "web", ip: String = "127.96.0.1", endpoint: String = "127.0.1.1") -> String {
    """
    apiVersion: v1
    kind: Service
    metadata: {name: \(name)}
    spec: {clusterIP: \(ip), ports: [{port: 80}]}
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: \(name)-1, labels: {kubernetes.io/service-name: \(name)}}
    addressType: IPv4
    ports: [{port: 8080}]
    endpoints: [{addresses: [\(endpoint)]}]

    """
  }
}

/// Follows a directory and keeps what a consumer would have.
final class Follower {
  private var iterator: AsyncStream<DirectoryUpdate>.Iterator
  private let directory: PolicyDirectory
  /// Endpoint addresses by service.
  private(set) var services: [String: [String]] = [:]
  /// Everything that was ever removed.
  private(set) var removed: [String] = []
  private(set) var last: DirectoryUpdate?

  init(_ directory: PolicyDirectory) async throws {
    self.directory = directory
    iterator = try directory.updates().makeAsyncIterator()
    try await next()
  }

  deinit {
    directory.stop()
  }

  struct Silence: Error {}

  /// The next update; fails when there is none for ten seconds.
  @discardableResult
  func next() async throws -> DirectoryUpdate {
    let directory = directory
    let watchdog = Task {
      try await Task.sleep(for: .seconds(10))
      directory.stop()
    }
    defer { watchdog.cancel() }
    guard let update = await iterator.next(isolation: nil) else { throw Silence() }
    for service in update.change.upserted { services[service.name] = service.endpoints.map(\.address.description) }
    for name in update.change.removed { services[name] = nil }
    removed += update.change.removed
    last = update
    return update
  }

  /// Reads on until the condition holds.
  func until(_ condition: (Follower) -> Bool) async throws {
    while !condition(self) { try await next() }
  }
}
