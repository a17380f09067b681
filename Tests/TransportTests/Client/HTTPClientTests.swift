// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import TestSupport
import Testbed
import Testing
import Transport

/// A client of ours with a server of ours, over each wire.
@Suite(.network) struct HTTPClientTests {
  @Test(arguments: Wire.available) func sendsWholeRequestsOverOneConnection(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      for _ in 0..<5 {
        let response = try await client.send(.test("/hello"))
        #expect(response.head.status == .ok && String(buffer: response.body) == "hello")
      }
      let large = ByteBuffer(repeating: 1, count: 1_000_000)
      let response = try await client.send(.test("/collect", .post), body: large)
      #expect(String(buffer: response.body) == "1000000 ")
      let withLength = HTTPRequest.test("/collect", .post, [.contentLength: "3"])
      #expect(String(buffer: try await client.send(withLength, body: ByteBuffer(string: "abc")).body) == "3 ")
      #expect(client.statistics.connectionsOpened == 1)
      #expect(client.statistics.exchangesOpen == 0)
      #expect(server.server.statistics.connectionsAccepted == 1)
      #expect(server.handler.record.requests.first?.authority == "server.test")
      let peer = try #require(server.handler.record.peers.first)
      #expect(peer.version == (wire.isHTTP1 ? .http1 : .http2))
      #expect((peer.tls != nil) == wire.isTLS)
      #expect(peer.address?.ipAddress == "127.0.0.1")
    }
  }

  @Test(arguments: Wire.available) func parallelRequestsShareAFewConnections(_ wire: Wire) async throws {
    try await wire.connect(client: { $0.connectionsMax = 3 }) { (client: HTTPClient, server: TestServer) async throws in
      try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<60 {
          group.addTask { try await client.send(.test("/delay/2")).head.status.code }
        }
        for try await status in group { #expect(status == 200) }
      }
      #expect(client.statistics.connectionsOpened <= (wire.isHTTP1 ? 3 : 1))
      #expect(client.statistics.exchangesBegun == 60 && client.statistics.exchangesOpen == 0)
    }
  }

  @Test(arguments: Wire.available) func streamsBothWaysAtOnce(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let exchange = try await client.open(.test("/echo", .post))
      #expect(try await exchange.response().status == .ok)
      var parts = exchange.body.makeAsyncIterator()
      for word in ["one", "two", "three"] {
        try await exchange.send(ByteBuffer(string: word))
        #expect(try await parts.next() == ByteBuffer(string: word))
      }
      let sum = HTTPFields([HTTPField(name: try #require(.init("x-sum")), value: "11")])
      exchange.finish(trailers: sum)
      #expect(try await parts.next() == nil)
      #expect(try await exchange.trailers() == sum)
      #expect(await eventually { client.statistics.exchangesOpen == 0 })
      #expect(try await client.send(.test("/hello")).head.status == .ok)
      #expect(client.statistics.connectionsOpened == 1)
    }
  }

  @Test(arguments: Wire.available) func aSenderWaitsForAReceiverThatTakesNothing(_ wire: Wire) async throws {
    try await wire.connect(server: { $0.http1.bodyWindowBytes = 64 << 10 }) {
      (client: HTTPClient, server: TestServer) async throws in
      let exchange = try await client.open(.test("/stall", .post))
      let sent = Counter()
      let sender = Task {
        while true {
          try await exchange.send(ByteBuffer(repeating: 0, count: 100_000))
          sent.add(1)
        }
      }
      #expect(await eventually { sent.settled() })
      #expect(sent.value < 200, "buffers and windows, and no more")
      exchange.cancel()
      #expect(await sender.result.failureCode == .cancelled)
      #expect(await eventually { client.statistics.exchangesOpen == 0 })
      #expect(await eventually { server.handler.record.failures.count == 1 })
    }
  }

  @Test(arguments: Wire.available) func aResponseNobodyReadsIsNotReceived(_ wire: Wire) async throws {
    try await wire.connect(client: { $0.readAheadBytesMax = 64 << 10 }) {
      (client: HTTPClient, server: TestServer) async throws in
      let exchange = try await client.open(.test("/big/20000000", .post))
      exchange.finish()
      #expect(try await exchange.response().status == .ok)
      try await Task.sleep(for: .milliseconds(50))
      #expect(server.handler.record.pouredBytes < 19_000_000)
      var size = 0
      for try await part in exchange.body { size += part.readableBytes }
      #expect(size == 20_000_000)
    }
  }

  @Test(arguments: Wire.available) func anExchangeLetGoOfIsGivenUp(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      do {
        let exchange = try await client.open(.test("/never", .post))
        try await exchange.send(ByteBuffer(string: "x"))
        #expect(await eventually { server.handler.record.receivedBytes == 1 })
      }
      #expect(await eventually { client.statistics.exchangesOpen == 0 })
      #expect(await eventually { server.handler.record.failures.count == 1 })
      #expect(try await client.send(.test("/hello")).head.status == .ok)
    }
  }

  @Test(arguments: Wire.available) func theBodyAloneKeepsTheExchange(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      var size = 0
      let request = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/big/3000000")
      for try await part in try await client.open(request).body { size += part.readableBytes }
      #expect(size == 3_000_000)
      #expect(server.handler.record.requests.first?.authority == "127.0.0.1:\(server.port)")
    }
  }

  @Test(arguments: Wire.available) func cancellingTheTaskGivesTheRequestUp(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let task = Task { try await client.send(.test("/never", .post), body: ByteBuffer(string: "x")) }
      #expect(await eventually { server.handler.record.requests.count == 1 })
      task.cancel()
      #expect(await task.result.failureCode == .cancelled)
      let never = Task { try await client.send(.test("/never")) }
      never.cancel()
      #expect(await never.result.failureCode == .cancelled)
      #expect(await eventually { client.statistics.exchangesOpen == 0 && client.statistics.requestsWaiting == 0 })
    }
  }

  @Test(arguments: Wire.available) func cancellingTheTaskEndsEachWaitOfAStream(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      for wait in 0..<4 {
        let task = Task {
          let exchange = try await client.open(.test(wait == 0 ? "/never" : "/echo", .post))
          var parts = exchange.body.makeAsyncIterator()
          switch wait {
          case 0: _ = try await exchange.response()
          case 1: _ = try await parts.next()
          case 2: _ = try await exchange.trailers()
          default: while true { try await exchange.send(ByteBuffer(repeating: 0, count: 100_000)) }
          }
        }
        #expect(await eventually { server.handler.record.requests.count == wait + 1 })
        try await Task.sleep(for: .milliseconds(10))
        task.cancel()
        #expect(await task.result.failureCode == .cancelled)
      }
      #expect(await eventually { client.statistics.exchangesOpen == 0 })
    }
  }

  @Test(arguments: Wire.available) func aDeadlineEndsTheRequestWhereverItIs(_ wire: Wire) async throws {
    try await wire.connect(client: oneAtATime) { (client: HTTPClient, server: TestServer) async throws in
      async let running = client.code(.test("/never"), .milliseconds(150))
      async let waiting = client.code(.test("/never"), .milliseconds(50))
      #expect(await running == .timedOut)
      #expect(await waiting == .timedOut)
      #expect(await eventually { client.statistics.requestsWaiting == 0 && client.statistics.exchangesOpen == 0 })
      #expect(try await client.send(.test("/hello")).head.status == .ok)
    }
  }

  private var oneAtATime: (inout HTTPClient.Configuration) -> Void {
    {
      $0.connectionsMax = 1
      $0.http2.concurrentStreamsMax = 1
      $0.waitingMax = 2
    }
  }

  @Test(arguments: Wire.available) func tooManyWaitingRequestsFailAtOnce(_ wire: Wire) async throws {
    try await wire.connect(client: oneAtATime) { (client: HTTPClient, server: TestServer) async throws in
      let first = try await client.open(.test("/never", .post))
      async let a = client.code(.test("/hello"))
      async let b = client.code(.test("/hello"))
      async let c = client.code(.test("/hello"))
      async let d = client.code(.test("/hello"))
      #expect(await eventually { client.statistics.requestsRefused == 2 })
      #expect(client.statistics.requestsWaiting == 2)
      first.cancel()
      let codes = await [a, b, c, d]
      #expect(codes.filter { $0 == nil }.count == 2)
      #expect(codes.filter { $0 == .limitExceeded }.count == 2)
    }
  }

  @Test(arguments: Wire.available) func aResponseLargerThanAllowedFails(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let code = await TransportError.code { () async throws(TransportError) in
        _ = try await client.send(.test("/big/100000"), responseBytesMax: 50_000)
      }
      #expect(code == .limitExceeded)
      #expect(try await client.send(.test("/big/100"), responseBytesMax: 100).body.readableBytes == 100)
      #expect(await eventually { client.statistics.exchangesOpen == 0 })
    }
  }

  @Test(arguments: Wire.available) func anEarlyAnswerIsHeardWhileTheBodyIsBeingSent(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let body = ByteBuffer(repeating: 0, count: 3_000_000)
      #expect(try await client.send(.test("/early", .post), body: body).head.status == .contentTooLarge)
      #expect(try await client.send(.test("/hello")).head.status == .ok)
    }
  }

  @Test(arguments: Wire.available) func theServerGivesAnExchangeUp(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let code = await client.code(.test("/reset"))
      #expect(code == (wire.isHTTP1 ? .connectionClosed : .reset(.internalError)))
      #expect(try await client.send(.test("/hello")).head.status == .ok)
    }
  }

  @Test(arguments: Wire.available) func afterShutdownNothingBegins(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      async let last = client.send(.test("/delay/50"))
      #expect(await eventually { server.handler.record.requests.count == 1 })
      await client.shutdown()
      let head = try await last.head
      #expect(head.status == .ok)
      #expect(await client.code(.test("/hello")) == .cancelled)
      #expect(client.statistics.connectionsOpen == 0)
      #expect(await server.isEmpty())
    }
  }

  @Test(arguments: Wire.available) func aClientLetGoOfClosesItsConnections(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let other = HTTPClient(client.configuration, group: client.eventLoop)
      #expect(try await other.send(.test("/hello")).head.status == .ok)
      #expect(server.server.connectionsOpen == 1)
    }
    try await withServer { server in
      _ = try await HTTPClient(.init(host: "127.0.0.1", port: server.port), group: .one).send(.test("/hello"))
      #expect(await server.isEmpty())
    }
  }

  @Test func nothingListensThere() async throws {
    let server = try await TestServer("127.0.0.1")
    await server.stop()
    try await withClient(server.port) { client in
      let error = await #expect(throws: TransportError.self) { try await client.send(.test("/hello")) }
      #expect(error?.code == .connectFailed && error?.isUnprocessed == true)
      #expect(error?.message.contains("127.0.0.1") == true && error?.message.contains("ECONNREFUSED") == true)
    }
  }

  @Test func aNameWithoutAddress() async throws {
    try await withClient(1, { $0.host = "no-such-name.invalid" }) { client in
      let error = await #expect(throws: TransportError.self) { try await client.send(.test("/hello")) }
      #expect(error?.code == .connectFailed)
      #expect(error?.message.contains("no-such-name.invalid") == true)
    }
  }
}
