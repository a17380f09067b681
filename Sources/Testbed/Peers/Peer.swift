// SPDX-License-Identifier: Apache-2.0

/// A server program that we started: its process and its configuration, which go together.
public final class Peer: Sendable {
  /// For messages, for example "nginx".
  public let name: String
  /// Where it answers.
  public let addresses: [TCPAddress]
  public let process: ChildProcess
  private let directory: TemporaryDirectory

  /// Starts a program and waits until it accepts connections on every address.
  init(
    _ name: String, program: String, arguments: [String], directory: TemporaryDirectory, addresses: [TCPAddress],
    cgroup: Cgroup? = nil, network: NetworkNamespace? = nil, processor: Int? = nil, timeout: Duration = .seconds(10)
  ) throws {
    self.name = name
    self.addresses = addresses
    self.directory = directory
    // Whoever else listens there would be taken for our peer.
    do { try Self.within(network) { for address in addresses { _ = try RawListener(on: address, backlog: 1) } } } catch
    {
      throw TestbedError("start \(name)", reason: "\(error)", nextStep: "choose another port")
    }
    process = try ChildProcess(program, arguments, .init(cgroup: cgroup, network: network, processor: processor))
    let deadline = MonotonicClock.nanoseconds + timeout.nanoseconds
    for address in addresses {
      while !Self.answers(address, in: network) {
        try Interruption.check()
        if process.ended != nil {
          throw TestbedError("start \(name)", reason: "it ended: \(process.errors)\(process.output)")
        }
        guard MonotonicClock.nanoseconds < deadline else {
          throw TestbedError("start \(name)", reason: "no answer at \(address): \(process.errors)")
        }
        MonotonicClock.sleep(.milliseconds(10))
      }
    }
  }

  deinit { stop() }

  private static func answers(_ address: TCPAddress, in network: NetworkNamespace?) -> Bool {
    (try? within(network) { try RawConnection(to: address, timeout: .seconds(1)).close() }) != nil
  }

  private static func within(_ network: NetworkNamespace?, _ body: @escaping @Sendable () throws -> Void) throws {
    if let network { try network.run(body) } else { try body() }
  }

  /// Ends it.
  public func stop() { process.terminate() }
}
