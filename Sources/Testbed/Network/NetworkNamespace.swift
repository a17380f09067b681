// SPDX-License-Identifier: Apache-2.0

import CTestbed
import Glibc
import Synchronization

/// A network namespace without a name: it lives as long as this object and its children, and leaves nothing behind even
/// when we are killed.
public final class NetworkNamespace: Sendable {
  /// Open on the namespace.
  let descriptor: Int32

  /// Creates it with the loopback interface up. Needs root.
  public init() throws {
    descriptor = try Self.onThread {
      guard testbed_unshare_network() == 0 else {
        throw TestbedError(
          "create a network namespace", reason: SystemCallError.message(errno), nextStep: "run as root")
      }
      let descriptor = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw SystemCallError("open", on: "/proc/thread-self/ns/net", code: errno) }
      return descriptor
    }
    try ip(["link", "set", "lo", "up"])
  }

  deinit { close(descriptor) }

  /// For programs that take a namespace by path, for example `nsenter --net=PATH`. Valid while this object lives.
  public var path: String { "/proc/\(getpid())/fd/\(descriptor)" }

  /// Runs the body on a thread of its own inside the namespace, and waits for it. Sockets it opens stay there.
  public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) throws -> Result {
    let descriptor = descriptor
    return try Self.onThread {
      guard testbed_enter_network(descriptor) == 0 else {
        throw SystemCallError("setns", on: "network namespace", code: errno)
      }
      return try body()
    }
  }

  /// Connects two namespaces by a veth pair. Addresses carry their prefix: "10.0.0.1/24" or "fd00::1/64".
  /// Both ends are named `interface`. Neither end is ever in the host's namespace.
  public static func connect(
    _ left: NetworkNamespace, _ leftAddresses: [String], _ right: NetworkNamespace, _ rightAddresses: [String],
    interface: String = "veth0"
  ) throws {
    try left.ip([
      "link", "add", interface, "type", "veth", "peer", "name", interface, "netns", right.path,
    ])
    for (side, addresses) in [(left, leftAddresses), (right, rightAddresses)] {
      // nodad: duplicate address detection would keep an IPv6 address unusable for a second.
      for address in addresses {
        try side.ip(["address", "add", address, "dev", interface] + (address.contains(":") ? ["nodad"] : []))
      }
      try side.ip(["link", "set", interface, "up"])
    }
  }

  /// Runs ip(8) in the namespace.
  public func ip(_ arguments: [String]) throws {
    let program = try Programs.require("ip", package: "iproute2")
    let child = try ChildProcess(program, arguments, .init(network: self))
    guard try child.wait(timeout: .seconds(10)) == .exited(0) else {
      throw TestbedError("ip \(arguments.joined(separator: " "))", reason: child.errors)
    }
  }

  private static func onThread<Result: Sendable>(
    _ body: @escaping @Sendable () throws -> Result
  ) throws -> Result {
    let outcome = Outcome<Result>()
    try WorkerThread { outcome.set(Swift.Result { try body() }) }.join()
    return try outcome.get()
  }
}

/// What a thread hands back.
private final class Outcome<Value: Sendable>: Sendable {
  private let result = Mutex<Result<Value, any Error>?>(nil)

  func set(_ value: Result<Value, any Error>) { result.withLock { $0 = value } }

  func get() throws -> Value {
    guard let value = result.withLock({ $0 }) else { throw TestbedError("run a thread", reason: "it gave no result") }
    return try value.get()
  }
}
