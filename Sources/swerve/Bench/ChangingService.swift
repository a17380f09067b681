// SPDX-License-Identifier: Apache-2.0

import Testbed

/// The one service of a full node that is contacted: all its endpoints listen, and its last one moves between two
/// listeners. Round robin reaches it within one turn, so that waiting for it adds little to what is measured.
final class ChangingService {
  private(set) var file: ServiceFile
  private let fixed: [RawListener]
  private let alternating: [RawListener]
  private var turn = 0

  init(endpoints: Int) throws {
    let hosts = (1...(endpoints + 1)).map { "127.2.0.\($0)" }
    let port = try FreePort.find(on: hosts)
    let listeners = try hosts.compactMap { TCPAddress($0, port) }.map { try RawListener(on: $0) }
    fixed = Array(listeners.dropLast(2))
    alternating = Array(listeners.suffix(2))
    guard let address = TCPAddress("127.95.0.1", 80), alternating.count == 2 else {
      throw TestbedError("make a service that changes", reason: "it needs two endpoints at least")
    }
    file = ServiceFile(
      name: "changing", address: address, endpoints: fixed.map(\.address) + [alternating[0].address],
      loadBalancer: .roundRobin)
  }

  /// Connects until the first endpoint is reached, which needs tables and programs: the agent attaches those last.
  /// Returns the time since `since` (CLOCK_MONOTONIC).
  func waitUntilSteered(since: UInt64) throws -> Duration {
    guard let first = fixed.first,
      let time = ConnectBurst.untilLanding(
        on: first, via: file.address, others: fixed + alternating, since: since, durationMax: .seconds(30))
    else {
      throw TestbedError("load a full node", reason: "no connect was steered within 30 s of the tables being full")
    }
    return time
  }

  /// Moves the last endpoint. Returns the time from the rename of the file to the first connect that lands on it.
  func change(in policies: String) throws -> Duration {
    turn += 1
    let next = alternating[turn % 2]
    for listener in fixed + alternating { listener.drain() }
    file.endpoints = fixed.map(\.address) + [next.address]
    let path = "\(policies)/\(file.name).yaml"
    let aside = try Files.writeAside(path, file.yaml)
    let started = MonotonicClock.nanoseconds
    try Files.rename(aside, to: path)
    let time = ConnectBurst.untilLanding(
      on: next, via: file.address, others: fixed + alternating.filter { $0 !== next }, since: started,
      durationMax: .seconds(5))
    guard let time else {
      throw TestbedError("change an endpoint", reason: "no connect reached \(next.address) within 5 s of the change")
    }
    return time
  }
}
