// SPDX-License-Identifier: Apache-2.0

import CDataplane
import Foundation

/// Closes connections to endpoints that have left, in every network namespace that a process of the node is in.
public struct StaleConnections: Sendable {
  private let iterator: String

  public init(_ pins: PinLayout) {
    iterator = pins.link("swerve_close_stale")
  }

  /// Whether the kernel can do it.
  public var isAvailable: Bool {
    FileManager.default.fileExists(atPath: iterator)
  }

  /// Walks the TCP sockets of all namespaces once; how many connections were closed. Takes time in proportion to the
  /// node's TCP sockets.
  ///
  /// A TCP iterator sees the namespace of the thread that opens it, so the walk has a thread of its own, which ends with
  /// it.
  public func close() async throws(DataplaneError) -> Int {
    let outcome = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(returning: Result { () throws(DataplaneError) in try walkAllNamespaces() })
      }
    }
    return try outcome.get()
  }

  private func walkAllNamespaces() throws(DataplaneError) -> Int {
    var closed = 0
    for namespace in NetworkNamespaces.all() {
      guard swerve_enter_network_namespace(namespace.raw) == 0 else {
        throw DataplaneError(.privilege, "enter a network namespace", errno: errno, advice: "setns needs CAP_SYS_ADMIN")
      }
      closed += try walk()
    }
    return closed
  }

  /// Reading the iterator runs it; it answers with one byte for each connection it closed.
  private func walk() throws(DataplaneError) -> Int {
    let raw = open(iterator, O_RDONLY | O_CLOEXEC)
    guard raw >= 0 else { throw DataplaneError(.program, "open \(iterator)", errno: errno) }
    let descriptor = Descriptor(owning: raw)
    var buffer = [UInt8](repeating: 0, count: 4096)
    var closed = 0
    while true {
      let count = read(descriptor.raw, &buffer, buffer.count)
      if count > 0 { closed += count }
      if count == 0 { return closed }
      if count < 0 && errno != EAGAIN && errno != EINTR {
        throw DataplaneError(.program, "walk the TCP sockets", errno: errno)
      }
    }
  }
}

/// The network namespaces of the running processes.
enum NetworkNamespaces {
  /// One descriptor for each, this process's own first.
  static func all() -> [Descriptor] {
    var seen: Set<UInt64> = []
    var found: [Descriptor] = []
    let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    for process in ["self"] + processes.filter({ $0.first?.isNumber == true }) {
      let path = "/proc/\(process)/ns/net"
      var information = stat()
      guard stat(path, &information) == 0, seen.insert(UInt64(information.st_ino)).inserted else { continue }
      let raw = open(path, O_RDONLY | O_CLOEXEC)
      if raw >= 0 { found.append(Descriptor(owning: raw)) }
    }
    return found
  }
}
