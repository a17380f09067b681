// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

extension KernelTests.RequestModeTests {
  /// Endpoints and clients that break off.
  @Suite struct FaultTests {
    @Test(arguments: [RequestService.local, .remote])
    func anEndpointWithoutAnAnswerIsABadGateway(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let client = try HTTPConnection(service.vip)
        for target in ["/hang-up", "/reset"] {
          // Not idempotent, so that it is not tried again.
          let response = try client.get(target, method: "POST", body: [1])
          #expect(response.status == 502, "\(target)")
          #expect(["upstream_reset", "connection_termination"].contains(response.reason), "\(target)")
        }
        for target in ["/garbage", "/two-lengths"] {
          let response = try HTTPConnection(service.vip).get(target, method: "POST", body: [1])
          #expect(response.status == 502, "\(target)")
          #expect(response.reason == "malformed_response", "\(target)")
        }
        #expect(try HTTPConnection(service.vip).get("/name").status == 200)
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func halfAResponseIsNotTakenForAWholeOne(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let other = try HTTPConnection(service.vip)
        for size in [100, 200_000] {
          let client = try HTTPConnection(service.vip)
          #expect(throws: (any Error).self) { try client.get("/half/\(size)") }
          #expect(try other.get("/name").status == 200)
        }
      }
    }

    @Test func aServiceThatCannotAnswerSaysWhy() throws {
      try RequestNode.use { node in
        let none = try HTTPConnection(RequestService.empty.vip).get("/")
        #expect(none.status == 503)
        #expect(none.reason == "no_endpoint")
        #expect(none.fields["retry-after"] == "1")
        let down = try HTTPConnection(RequestService.down.vip).get("/")
        #expect(down.status == 503)
        #expect(down.reason == "connect_failure")
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func clientsThatResetLeaveNothingBehind(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        for target in ["/silence", "/stall/1000", "/stall/500000", "/delay/20", "/bytes/3000000"] {
          let client = try HTTPConnection(service.vip)
          try client.raw.send(HTTPConnection.request(target))
          try abandon(client, resets: true)
        }
        try abandonUnfinished(service, resets: true)
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func clientsThatCloseLeaveNothingBehind(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        for target in ["/delay/20", "/bytes/3000000", "/chunked/3000000/10", "/until-close/3000000"] {
          let client = try HTTPConnection(service.vip)
          try client.raw.send(HTTPConnection.request(target))
          try abandon(client, resets: false)
        }
        try abandonUnfinished(service, resets: false)
      }
    }

    private func abandon(_ client: HTTPConnection, resets: Bool) throws {
      MonotonicClock.sleep(.milliseconds(10))
      if resets { client.raw.resetOnClose() }
      client.raw.close()
    }

    /// In the middle of a request's body, and of its head.
    private func abandonUnfinished(_ service: RequestService, resets: Bool) throws {
      for part in ["POST /sha HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nhalf", "POST /sha HTTP/1.1\r\nHo"] {
        let client = try HTTPConnection(service.vip)
        try client.send(part)
        try abandon(client, resets: resets)
      }
    }

    /// All of them local, or all elsewhere: what the kernel carries is ended in other ways.
    @Test(arguments: [true, false])
    func anEndpointThatIsKilledTakesOnlyItsOwnRequestsAlong(_ isLocal: Bool) throws {
      try RequestNode.use { node in
        let victim = try node.outside {
          try RequestServer.scripted([isLocal ? "127.0.1.7" : "127.0.2.7"], in: isLocal ? node.cgroup : nil)
        }
        let name = "victim-\(isLocal ? "local" : "remote")"
        let vip = try node.publish(name, at: address("127.96.1.\(isLocal ? 20 : 21)", 80), victim)
        try node.warm(name, at: vip, isLocal ? "local" : "remote")
        let silent = try (0..<5).map { _ in try HTTPConnection(vip) }
        let stalled = try (0..<5).map { _ in try HTTPConnection(vip) }
        let other = try HTTPConnection(RequestService.local.vip)
        for client in silent { try client.raw.send(HTTPConnection.request("/silence", method: "POST", body: [1])) }
        for client in stalled { try client.raw.send(HTTPConnection.request("/stall/1000", method: "POST", body: [1])) }
        MonotonicClock.sleep(.milliseconds(50))
        victim.process.kill()
        for client in silent {
          let response = try client.response()
          #expect(response.status == 502)
          #expect(response.reason != nil)
        }
        for client in stalled { #expect(throws: (any Error).self) { try client.response() } }
        #expect(try other.get("/name").status == 200)
        // Nobody listens there now, and the client lives on.
        let response = try silent[0].get("/name")
        #expect(response.status == 503)
        try node.withdraw(name, victim)
      }
    }

    @Test func anEndpointThatComesBackIsUsedAgain() throws {
      try RequestNode.use { node in
        let first = try RequestServer.scripted(["127.0.1.8"], in: node.cgroup)
        let vip = try node.publish("phoenix", at: address("127.96.1.22", 80), first)
        try node.warm("phoenix", at: vip, "local")
        let client = try HTTPConnection(vip)
        first.process.kill()
        #expect(try client.get("/name").status == 503)
        let second = try RequestServer.scripted(["127.0.1.8"], port: first.addresses[0].port, in: node.cgroup)
        try eventually("it is not used again") { try client.get("/name").status == 200 }
        try node.warm("phoenix", at: vip, "local")
        try node.withdraw("phoenix", second)
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func moreRequestsThanWarmConnectionsWaitAndSucceed(_ service: RequestService) throws {
      try RequestNode.use { node in
        let clients = try (0..<400).map { _ in try HTTPConnection(service.vip) }
        for client in clients { try client.raw.send(HTTPConnection.request("/delay/100")) }
        for client in clients { #expect(try client.response().status == 200) }
        #expect(node.warmCounts.max() == 64)
      }
    }
  }
}
