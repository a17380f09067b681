// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Foundation
import Relay
import SwerveABI
import Testbed
import Testing

extension KernelTests {
  /// Request mode under load for long: `make soak` at full size, otherwise for seconds.
  @Suite struct RequestSoakTests {
    private static let isFull = ProcessInfo.processInfo.environment["SWERVE_SOAK"] == "full"

    /// 64 files of random sizes and contents. Every client asks for one after the other, by chance, and compares every
    /// body byte by byte with the file. Full size: ten million requests.
    @Test func everyBodyIsTheOneAskedFor() throws {
      try withMesh { fixture, vip, files in
        let wanted = Self.isFull ? 10_000_000 : 20_000
        let deadline = MonotonicClock.nanoseconds + (Self.isFull ? 1_200 : 20) * 1_000_000_000
        var total = Load()
        while total.requests < wanted, MonotonicClock.nanoseconds < deadline {
          let load = try Load.run(vip, files, in: fixture.cgroup, seconds: Self.isFull ? 20 : 2)
          total.add(load)
          guard total.isClean else { break }
        }
        #expect(total.requests >= wanted)
        #expect(total.isClean, "\(total)")
        print("everyBodyIsTheOneAskedFor: \(total)")
        try expectNothingLeft(fixture)
      }
    }

    /// Full size: 100 deaths of the agent and 20 takeovers of the relay.
    @Test func deathsAndTakeoversFailNoRequest() throws {
      let (deaths, takeovers) = Self.isFull ? (100, 20) : (4, 3)
      try withMesh { fixture, vip, files in
        var relays: [ChildProcess] = []
        let background = try Load.start(
          vip, files, in: fixture.cgroup, seconds: Self.isFull ? 150 : 10)
        MonotonicClock.sleep(.seconds(1))
        for death in 0..<deaths {
          fixture.kill()
          try fixture.restart()
          if death % (deaths / takeovers) == 0, relays.count < takeovers {
            relays.append(try succeed(fixture))
          }
          MonotonicClock.sleep(.milliseconds(Self.isFull ? 500 : 200))
        }
        let load = try background.finish()
        print("deathsAndTakeoversFailNoRequest: \(deaths) deaths, \(relays.count) takeovers, \(load)")
        #expect(load.isClean, "\(load)")
        #expect(load.requests > 10_000)
        try expectNothingLeft(fixture)
        relays.forEach { $0.terminate(timeout: .seconds(12)) }
      }
    }

    /// Starts a relay that takes over, and waits until it is in charge.
    private func succeed(_ fixture: AgentFixture) throws -> ChildProcess {
      let relay = try ChildProcess(
        AgentFixture.program(),
        [
          "relay", "--pin-path", fixture.pins.path, "--state-dir", fixture.agent.statePath, "--cgroup",
          fixture.cgroup.path,
        ])
      for _ in 0..<500 {
        if try RelayReport.read(from: fixture.agent.statePath)?.pid == relay.pid { return relay }
        MonotonicClock.sleep(.milliseconds(10))
      }
      Issue.record("relay \(relay.pid) has not taken over: \(relay.errors)")
      return relay
    }

    private func withMesh(_ body: (AgentFixture, TCPAddress, [String: String]) throws -> Void) throws {
      let vip = try address("127.96.0.9", 80)
      let hosts = (1...8).map { "127.0.9.\($0)" }
      let port = try FreePort.find(on: hosts)
      let endpoints = try hosts.map { try address($0, port) }
      var random = SeededGenerator(seed: 9)
      var sizes = Set<Int>()
      while sizes.count < 64 { sizes.insert(Int.random(in: 1...(sizes.count < 56 ? 16_000 : 400_000), using: &random)) }
      let directory = try TemporaryDirectory(named: "swerve-soak")
      var files: [String: String] = [:]
      for size in sizes {
        let text = String(decoding: (0..<size).map { _ in UInt8.random(in: 33...126, using: &random) }, as: UTF8.self)
        files["\(size)"] = try directory.write("\(size)", text)
      }
      let file = ServiceFile(
        name: "soak", namespace: "default", address: vip, endpoints: endpoints, appProtocol: "http")
      try AgentFixture.with([file]) { fixture in
        var nginx = Nginx(hosts: hosts, port: port)
        nginx.root = directory.path
        let peer = try nginx.start(cgroup: fixture.cgroup)
        defer { peer.stop() }
        for _ in 0..<500 where !(try NodeSnapshot(fixture.pins).acceleration) {
          MonotonicClock.sleep(.milliseconds(10))
        }
        try body(fixture, vip, files)
      }
    }

    /// Every slot is free again, no request in flight, and the kernel has steered nearly all.
    private func expectNothingLeft(_ fixture: AgentFixture) throws {
      let tables = try RequestTables(fixture.pins)
      var left: [String] = []
      for _ in 0..<300 {
        left = []
        for id in 0..<UInt32(tables.endpointStates.count) {
          guard let state = tables.endpointStates[id]?.pointee else { continue }
          if state.in_flight != 0 { left.append("endpoint \(id): \(state.in_flight) in flight") }
          if state.warm.live & ~state.warm.free != 0 { left.append("endpoint \(id): slots leased") }
        }
        for index in 0..<UInt32(tables.clients.count) where tables.clients[index]?.pointee.cookie != 0 {
          left.append("client \(index)")
        }
        if left.isEmpty { break }
        MonotonicClock.sleep(.milliseconds(20))
      }
      #expect(left.isEmpty)
      let requests = try #require(try NodeSnapshot(fixture.pins).services.first).requests
      #expect((requests["local"] ?? 0) > 9 * (requests["relay"] ?? 0), "\(requests)")
    }
  }
}

/// What wrk's clients saw: 16 threads of one connection each, so that each knows what it asked for.
private struct Load: CustomStringConvertible {
  var requests = 0
  var wrong = 0
  var statusErrors = 0
  var socketErrors = 0
  var seconds = 0.0

  var isClean: Bool { wrong == 0 && statusErrors == 0 && socketErrors == 0 }
  var description: String {
    "\(requests) requests in \(Int(seconds)) s, \(wrong) wrong bodies, \(statusErrors) bad statuses, "
      + "\(socketErrors) socket errors"
  }

  mutating func add(_ other: Load) {
    requests += other.requests
    wrong += other.wrong
    statusErrors += other.statusErrors
    socketErrors += other.socketErrors
    seconds += other.seconds
  }

  /// A run of wrk under way.
  struct Run {
    let child: ChildProcess
    let seconds: Int
    let script: TemporaryDirectory

    func finish() throws -> Load {
      guard let ended = try child.wait(timeout: .seconds(seconds + 20)), ended == .exited(0),
        let line = child.output.split(separator: "\n").last(where: { $0.hasPrefix("soak ") })
      else { throw TestbedError("run wrk", reason: "\(child.output)\(child.errors)") }
      let figures = line.split(separator: " ").dropFirst().compactMap { Double($0) }
      return Load(
        requests: Int(figures[0]), wrong: Int(figures[1]), statusErrors: Int(figures[2]), socketErrors: Int(figures[3]),
        seconds: figures[4])
    }
  }

  static func run(_ vip: TCPAddress, _ files: [String: String], in cgroup: Cgroup, seconds: Int) throws -> Load {
    try start(vip, files, in: cgroup, seconds: seconds).finish()
  }

  static func start(_ vip: TCPAddress, _ files: [String: String], in cgroup: Cgroup, seconds: Int) throws -> Run {
    let directory = try TemporaryDirectory(named: "swerve-soak-script")
    let table = files.map { "  {'/\($0.key)', '\($0.value)'}," }.joined(separator: "\n")
    let script = try directory.write(
      "soak.lua",
      """
      local files = {
      \(table)
      }
      local threads = {}
      function setup(thread) table.insert(threads, thread) end
      function init(args)
        wrong = 0
        for _, file in ipairs(files) do
          local handle = io.open(file[2], 'rb')
          file[3] = handle:read('*a')
          handle:close()
        end
        math.randomseed(tonumber(tostring({}):sub(8), 16) % 2147483647)
      end
      function request()
        asked = files[math.random(#files)]
        return wrk.format('GET', asked[1])
      end
      function response(status, headers, body)
        if status == 200 and body ~= asked[3] then wrong = wrong + 1 end
      end
      function done(summary, latency, requests)
        local e, all = summary.errors, 0
        for _, thread in ipairs(threads) do all = all + thread:get('wrong') end
        io.write(string.format('soak %d %d %d %d %f\\n', summary.requests, all, e.status,
          e.connect + e.read + e.write + e.timeout, summary.duration / 1e6))
      end

      """)
    let arguments = ["-t", "16", "-c", "16", "-d", "\(seconds)s", "-s", script, "http://\(vip)/"]
    let child = try ChildProcess(Programs.require("wrk", package: "wrk"), arguments, .init(cgroup: cgroup))
    return Run(child: child, seconds: seconds, script: directory)
  }
}
