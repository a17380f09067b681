// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
public import Simulator

/// The endpoints of a scenario as real HTTP/1.1 servers on one thread: they queue, serve, fail and recover as it says.
public final class ScriptedEndpoints: Sendable {
  public let addresses: [TCPAddress]
  private let group: MultiThreadedEventLoopGroup
  private let members: NIOLoopBound<[ScriptedEndpoint]>
  private let loop: any EventLoop

  /// Starts listening, one server for each endpoint of the scenario, in its order.
  public init(_ scenario: Scenario, on addresses: [TCPAddress], seed: UInt64) throws {
    precondition(addresses.count == scenario.endpointCount, "an address for each endpoint")
    self.addresses = addresses
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    self.group = group
    self.loop = loop
    do {
      let scripts = EndpointScript.all(of: scenario, seed: seed)
      members = try loop.submit {
        let members = zip(scripts, addresses).map { ScriptedEndpoint($0, on: $1, loop: loop) }
        return NIOLoopBound(members, eventLoop: loop)
      }.wait()
      let bound = members
      try loop.flatSubmit { EventLoopFuture.andAllSucceed(bound.value.map { $0.listen() }, on: loop) }.wait()
    } catch {
      try? group.syncShutdownGracefully()
      throw TestbedError(
        "listen on \(addresses.map(\.description).joined(separator: ", "))", reason: "\(error)",
        nextStep: "see what listens: ss -ltn")
    }
  }

  /// The scenario begins.
  /// - Parameters:
  ///   - start: CLOCK_MONOTONIC; from then on the timeline counts.
  ///   - countedFrom: requests that come from then on are counted.
  public func begin(at start: UInt64, countedFrom: UInt64) throws {
    let bound = members
    try loop.submit { for member in bound.value { member.begin(at: start, countedFrom: countedFrom) } }.wait()
  }

  /// What came to each of them, and how late their answers were.
  /// - Parameter until: CLOCK_MONOTONIC, when the scenario was over.
  public func results(until: UInt64) throws -> (endpoints: [EndpointResult], lateness: LatencyHistogram) {
    let bound = members
    let results = try loop.submit { bound.value.map { $0.finish(until: until) } }.wait()
    var lateness = LatencyHistogram()
    for result in results { lateness.add(result.1) }
    return (results.map(\.0), lateness)
  }

  /// Stops listening and closes every connection.
  public func stop() throws {
    let bound = members
    try loop.submit { for member in bound.value { member.close() } }.wait()
    try group.syncShutdownGracefully()
  }
}

extension EndpointScript {
  /// In the scenario's order, each with a seed of its own.
  static func all(of scenario: Scenario, seed: UInt64) -> [EndpointScript] {
    var random = Random(seed: seed)
    let members = scenario.endpoints.flatMap { group in
      (0..<group.count).map { (name: "\(group.name)-\($0)", group: group) }
    }
    return members.enumerated().map { number, member in
      EndpointScript(
        name: member.name, group: member.group, work: member.group.work ?? scenario.work,
        responseBytes: scenario.network.responseBytes,
        faults: scenario.timeline.filter { $0.target.endpoints(in: scenario).contains(number) }, seed: random.next())
    }
  }
}
