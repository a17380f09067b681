// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

@Suite struct PeerTests {
  @Test(Requirement.program("nginx"), arguments: [167, 1024])
  func nginxAnswersWithTheSizeAskedFor(size: Int) throws {
    let nginx = try Nginx(hosts: Nginx.eightHosts, responseBytes: size).start()
    for target in nginx.addresses {
      let connection = try RawConnection(to: target)
      try connection.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      #expect(try connection.receive().count == size)
    }
    nginx.stop()
  }

  @Test(Requirement.program("nginx", "wrk")) func wrkMeasuresNginx() throws {
    let nginx = try Nginx(hosts: ["127.0.1.1"]).start()
    let result = try Wrk(connections: 4, duration: .seconds(1)).run(nginx.addresses[0])
    #expect(result.requests > 100)
    #expect(result.socketErrors == 0)
    #expect(result.statusErrors == 0)
    #expect(result.p50Microseconds > 0 && result.p50Microseconds <= result.p99Microseconds)
  }

  @Test(Requirement.program("nginx", "wrk")) func wrkCountsErrorsOfADeadTarget() throws {
    let free = try FreePort.find(on: ["127.0.0.1"])
    #expect(throws: TestbedError.self) {
      try Wrk(connections: 1, duration: .seconds(1)).run(address("127.0.0.1", free))
    }
  }

  @Test(Requirement.program("nginx")) func connectionRateLeavesClosingToTheServer() throws {
    let nginx = try Nginx(hosts: ["127.0.1.1", "127.0.1.2"]).start()
    let rate = ConnectionRate(targets: nginx.addresses, duration: .seconds(5), connectionsMax: 500)
    let result = try rate.measure()
    #expect(result.completed == 500)
    #expect(result.failed == 0, "\(result.firstFailure ?? "")")
  }

  @Test(Requirement.program("nginx", "haproxy")) func haproxyReachesItsServers() throws {
    let nginx = try Nginx(hosts: Nginx.eightHosts).start()
    let proxy = try HAProxy(servers: nginx.addresses).start()
    let client = try LoadClient(LoadPlan(target: proxy.addresses[0], requestsMax: 50, durationMax: .seconds(10)))
    #expect(client.finish().allSatisfy { $0.failure == nil })
  }

  @Test(Requirement.envoy, Requirement.program("nginx"))
  func envoyReachesItsServers() throws {
    let nginx = try Nginx(hosts: Nginx.eightHosts).start()
    let program = try #require(try Envoy.find(installedIn: ".build/peers/venv"))
    let proxy = try Envoy(servers: nginx.addresses, program: program).start()
    let client = try LoadClient(LoadPlan(target: proxy.addresses[0], requestsMax: 50, durationMax: .seconds(10)))
    #expect(client.finish().allSatisfy { $0.failure == nil })
  }

  @Test(Requirement.program("nginx")) func killedPeerIsSeenByItsClients() throws {
    let nginx = try Nginx(hosts: ["127.0.1.1"]).start()
    let client = try LoadClient(
      LoadPlan(target: nginx.addresses[0], requestsMax: 1_000_000, durationMax: .seconds(20)))
    while client.snapshot.succeeded < 10 { MonotonicClock.sleep(.milliseconds(5)) }
    nginx.process.kill()
    while client.snapshot.failures[.refused] == nil { MonotonicClock.sleep(.milliseconds(5)) }
    client.stop()
    _ = client.finish()
    #expect(client.snapshot.broken == 1)
  }

  @Test(Requirement.program("nginx")) func peerThatCannotStartSaysWhy() throws {
    let taken = try RawListener(on: address("127.0.1.9"))
    #expect(throws: TestbedError.self) { try Nginx(hosts: ["127.0.1.9"], port: taken.address.port).start() }
  }

  @Test func connectsLandOnTheListener() throws {
    let listener = try RawListener(on: address("127.0.0.1"))
    let count = try ConnectBurst.run(to: listener.address, count: 100, durationMax: .seconds(5))
    #expect(count == 100)
    #expect(listener.drain() == 100)
    let landed = ConnectBurst.untilLanding(
      on: listener, via: listener.address, others: [], since: MonotonicClock.nanoseconds, durationMax: .seconds(5))
    #expect(landed != nil)
  }
}
