// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

extension KernelTests.RequestModeTests {
  /// What is more than a request and its response.
  @Suite struct ProtocolTests {
    @Test(arguments: [RequestService.local, .remote])
    func anInterimResponseComesBeforeTheFinalOne(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        for milliseconds in [0, 10, 0] {
          let response = try client.get("/interim/\(milliseconds)")
          #expect(response.interim == [103])
          #expect(response.status == 200)
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aClientThatExpectsContinueGetsIt(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        for _ in 0..<3 {
          let fields = "Host: test\r\nExpect: 100-continue\r\nContent-Length: 5\r\n"
          try client.send("POST /sha HTTP/1.1\r\n\(fields)\r\n")
          #expect(try client.line() == "HTTP/1.1 100 Continue")
          #expect(try client.line() == "")
          try client.send("hello")
          #expect(try client.response().text.hasSuffix(" 5"))
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aBodyThatIsRefusedNeedNotBeSent(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        let fields = "Host: test\r\nExpect: 100-continue\r\nContent-Length: 500000\r\n"
        try client.send("POST /refuse HTTP/1.1\r\n\(fields)\r\n")
        let response = try client.response()
        #expect(response.status == 417)
        #expect(response.closes)
        #expect(try client.hasEnded())
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func anUpgradeBecomesATunnelThatHalfCloses(_ service: RequestService) throws {
      try RequestNode.use { node in
        let taken = try node.paths(service) {
          let client = try HTTPConnection(service.vip)
          _ = try client.get("/constant")
          try client.send("GET /upgrade HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: capitals\r\n\r\n")
          #expect(try client.response().status == 101)
          #expect(try client.line() == "welcome")
          for word in ["alpha", "beta", "gamma"] {
            try client.send("\(word)\n")
            #expect(try client.line() == word.uppercased())
          }
          try client.send("last\n")
          try client.raw.shutdown()
          #expect(try String(decoding: client.rest(), as: UTF8.self) == "LAST\ngoodbye\n")
        }
        #expect(taken["tunnel"] == 1)
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aBodyMayEndWithTheConnection(_ service: RequestService) throws {
      try RequestNode.use { node in
        for size in [0, 1, 1000, 300_000] {
          let client = try HTTPConnection(service.vip)
          #expect(try client.get("/until-close/\(size)").body == patterned(size))
          #expect(try client.hasEnded())
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func anEndpointThatClosesDoesNotCloseTheClient(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        for size in [0, 10, 100_000] {
          let response = try client.get("/close/\(size)")
          #expect(response.body == patterned(size))
          #expect(!response.closes)
          #expect(try client.get("/bytes/5").body == patterned(5))
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aClientThatAsksForTheCloseGetsIt(_ service: RequestService) throws {
      try RequestNode.use { node in
        for first in [true, false] {
          let client = try HTTPConnection(service.vip)
          if !first { _ = try client.get("/constant") }
          let response = try client.get("/bytes/1000", ["Connection: close"])
          #expect(response.body == patterned(1000))
          #expect(response.closes)
          #expect(try client.hasEnded())
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func http10IsAnsweredAndClosed(_ service: RequestService) throws {
      try RequestNode.use { node in
        let client = try HTTPConnection(service.vip)
        try client.send("GET /bytes/100 HTTP/1.0\r\n\r\n")
        let answer = try client.rest()
        #expect(answer.starts(with: Array("HTTP/1.".utf8)))
        #expect(answer.suffix(100) == patterned(100)[...])
        let keeping = try HTTPConnection(service.vip)
        let response = try keeping.get("/http-1-0/100")
        #expect(response.body == patterned(100))
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aHalfClosedClientGetsItsResponse(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        for target in ["/delay/20", "/bytes/300000", "/chunked/100000/10"] {
          let client = try HTTPConnection(service.vip)
          try client.raw.send(HTTPConnection.request(target))
          try client.raw.shutdown()
          #expect(try client.response().status == 200, "\(target)")
          #expect(try client.hasEnded(), "\(target)")
        }
      }
    }

    /// A TLS ClientHello's beginning, HTTP/2's preface, and bytes that are neither.
    @Test(
      arguments: [
        [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03], Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8),
        [0, 1, 2, 3, 255, 254],
      ] as [[UInt8]])
    func whatIsNoHTTP1IsTunnelled(_ bytes: [UInt8]) throws {
      try RequestNode.use { node in
        for service in [RequestService.local, .remote] {
          let taken = try node.paths(service) {
            let client = try HTTPConnection(service.vip)
            for _ in 0..<3 {
              try client.raw.send(bytes)
              #expect(try client.take(bytes.count) == bytes)
            }
            try client.raw.shutdown()
            #expect(try client.hasEnded())
          }
          #expect(taken["tunnel"] == 1)
          #expect(taken[service.path] == nil)
        }
      }
    }

    @Test(arguments: [
      "GET /name HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
      "GET /name HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET /name HTTP/1.1\r\nHost : a\r\n\r\n", "GET /name HTTP/1.1\r\n Host: a\r\n\r\n",
    ])
    func aMalformedRequestIsRefused(_ request: String) throws {
      try RequestNode.use { node in
        try node.warm()
        let taken = try node.paths {
          let client = try HTTPConnection(RequestService.local.vip)
          try client.send(request)
          let response = try client.response()
          #expect(response.status == 400)
          #expect(response.reason == "malformed_request")
          #expect(try client.hasEnded())
        }
        #expect(taken["local"] == nil)
      }
    }

    @Test func applicationsSeeTheServiceAsTheirPeer() throws {
      try RequestNode.use { node in
        for service in [RequestService.local, .remote, .ipv6] {
          let client = try HTTPConnection(service.vip)
          _ = try client.get("/constant")
          let peer = try client.raw.peerName()
          #expect(try peer == service.vip.description)
        }
      }
    }
  }
}
