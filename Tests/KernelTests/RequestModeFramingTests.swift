// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

extension KernelTests.RequestModeTests {
  /// Where messages end, and which way they go.
  @Suite struct FramingTests {
    @Test(arguments: [RequestService.local, .remote, .files, .remoteFiles, .ipv6])
    func keepAliveRequestsAreSteeredAndNotRelayed(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let taken = try node.paths(service) {
          let client = try HTTPConnection(service.vip)
          for _ in 0..<40 {
            let response = try client.get("/constant")
            #expect(response.status == 200)
          }
        }
        #expect(taken == [service.path: 40])
      }
    }

    /// In turn, so that kernel and relay, who both select, must not take every other one each.
    @Test(arguments: [2, 4])
    func requestsOfOneConnectionAreSpreadOverTheEndpoints(_ count: Int) throws {
      try RequestNode.use { node in
        let hosts = Array(fourHosts.prefix(count))
        let server = try RequestServer.scripted(hosts, in: node.cgroup)
        let vip = try node.publish("turns-\(count)", at: address("127.96.1.\(30 + count)", 80), server, .roundRobin)
        try node.warm("turns-\(count)", at: vip, "local")
        let client = try HTTPConnection(vip)
        let endpoints = try (0..<40).map { _ in try client.get("/name").text }
        for host in hosts { #expect(endpoints.count { $0 == host } == 40 / count, "\(endpoints)") }
        client.raw.close()
        try node.withdraw("turns-\(count)", server)
      }
    }

    @Test func concurrentConnectionsGetTheirOwnResponses() throws {
      try RequestNode.use { node in
        let clients = try (0..<32).map { _ in try HTTPConnection(RequestService.local.vip) }
        for round in 1...5 {
          for (index, client) in clients.enumerated() {
            try client.raw.send(HTTPConnection.request("/bytes/\(index * 100 + round)"))
          }
          for (index, client) in clients.enumerated().reversed() {
            #expect(try client.response().body == patterned(index * 100 + round))
          }
        }
      }
    }

    @Test func pipelinedRequestsAreAnsweredInOrderAndLaterOnesSteeredAgain() throws {
      try RequestNode.use { node in
        try node.warm()
        let client = try HTTPConnection(RequestService.local.vip)
        let taken = try node.paths {
          try client.raw.send((1...10).flatMap { HTTPConnection.request("/bytes/\($0)") })
          for size in 1...10 { #expect(try client.response().body == patterned(size)) }
        }
        #expect(taken == ["relay": 10, "request_pipelined": 1])
        #expect(try returnsToKernel(client, node))
      }
    }

    @Test func requestsSentBeforeTheResponseAreAnsweredInOrder() throws {
      try RequestNode.use { node in
        try node.warm()
        let client = try HTTPConnection(RequestService.local.vip)
        for _ in 0..<20 {
          try client.send("GET /delay/5 HTTP/1.1\r\nHost: test\r\n\r\n")
          for size in 1...4 { try client.raw.send(HTTPConnection.request("/bytes/\(size)")) }
          #expect(try client.response().endpoint != nil)
          for size in 1...4 { #expect(try client.response().body == patterned(size)) }
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aHeadMaySplitAtAnyByte(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let request = HTTPConnection.request("/sha", method: "POST", body: Array("0123456789".utf8))
        let sum = "84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882 10"
        let client = try HTTPConnection(service.vip)
        for split in 1..<request.count {
          try client.raw.send(Array(request[..<split]))
          try client.raw.send(Array(request[split...]))
          #expect(try client.response().text == sum, "split at \(split)")
        }
        #expect(try returnsToKernel(client, node, service))
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aResponseMayComeInAnyPieces(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        for size in [1, 2, 3, 7, 30, 60, 80] {
          #expect(try client.get("/pieces/\(size)/0").text == "abcdefghijklmnopqrstuvwxyz", "pieces of \(size)")
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func headsMayBeLong(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        for count in [1, 3, 4, 5, 16, 62] {
          let fields = (0..<count).map { "X-Filler-\($0): \(String(repeating: "f", count: 1000))" }
          let length = HTTPConnection.request("/head-size", fields).count
          #expect(try client.get("/head-size", fields).text == "\(length)")
          #expect(try client.get("/headers/\(count * 1000)").status == 200)
        }
        #expect(try returnsToKernel(client, node, service))
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func chunkedBodiesArriveWhole(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        for (size, chunk) in [(0, 10), (1, 1), (5000, 1), (100_000, 17), (300_000, 4096), (2_000_000, 65_536)] {
          let response = try client.get("/chunked/\(size)/\(chunk)")
          #expect(response.body == patterned(size), "\(size) in chunks of \(chunk)")
        }
        #expect(try returnsToKernel(client, node, service))
      }
    }

    @Test func aChunkedResponseIsSteeredWhenItsChunksAreLarge() throws {
      try RequestNode.use { node in
        try node.warm()
        let client = try HTTPConnection(RequestService.local.vip)
        let taken = try node.paths {
          for _ in 0..<5 {
            let response = try client.get("/chunked/60000/16384")
            #expect(response.body == patterned(60_000))
          }
        }
        #expect(taken == ["local": 5])
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func chunkedRequestsArriveWhole(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        for (size, chunk) in [(0, 10), (10, 3), (5000, 7), (200_000, 5000)] {
          try client.send("POST /sha HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n")
          let body = patterned(size)
          for start in stride(from: 0, to: size, by: chunk) {
            let piece = body[start..<min(start + chunk, size)]
            try client.raw.send(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8))
          }
          try client.send("0\r\nX-Trailer: end\r\n\r\n")
          #expect(try client.response().text.hasSuffix(" \(size)"))
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func responsesWithoutABodyDoNotTakeTheNextOnes(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let client = try HTTPConnection(service.vip)
        let taken = try node.paths(service) {
          let head = try client.get("/bytes/1000", method: "HEAD")
          #expect(head.fields["content-length"] == "1000")
          #expect(try client.get("/204").status == 204)
          #expect(try client.get("/304").status == 304)
          #expect(try client.get("/bytes/0").body.isEmpty)
          #expect(try client.get("/chunked/500/100", method: "HEAD").status == 200)
          #expect(try client.get("/bytes/77").body == patterned(77))
        }
        #expect(taken == [service.path: 6])
      }
    }
  }
}

/// Whether the kernel steers the requests of a client that had something for the relay to do, after a while.
func returnsToKernel(
  _ client: HTTPConnection, _ node: RequestNode, _ service: RequestService = .local
) throws -> Bool {
  for _ in 0..<50 {
    let taken = try node.paths(service) { _ = try client.get("/constant") }
    if taken == [service.path: 1] { return true }
    MonotonicClock.sleep(.milliseconds(5))
  }
  return false
}
