// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Testing
import Transport

struct HTTPClientTests {
  @Test func sendsWholeRequestsOverOneConnection() async throws {
    try await withServer { server in
      try await withClient(server.port) { (client: HTTPClient) async throws in
        for _ in 0..<5 {
          let response = try await client.send(.test("/hello"))
          #expect(response.head.status == .ok && String(buffer: response.body) == "hello")
        }
        let body = ByteBuffer(repeating: 1, count: 1_000_000)
        let response = try await client.send(.test("/collect", .post), body: body)
        #expect(String(buffer: response.body) == "1000000 ")
        let withLength = try await client.send(.test("/collect", .post, [.contentLength: "3"]), body: ByteBuffer(string: "abc"))
        #expect(String(buffer: withLength.body) == "3 ")
        #expect(client.statistics.connectionsOpened == 1)
        #expect(client.statistics.exchangesOpen == 0)
      }
      #expect(server.server.statistics.connectionsAccepted == 1)
      #expect(server.handler.record.requests.first?.authority == "server.test")
    }
  }

  @Test func parallelRequestsShareAFewConnections() async throws {
    try await withServer { server in
      try await withClient(server.port) { $0.connectionsMax = 3 } _: { (client: HTTPClient) async throws in
        try await withThrowingTaskGroup(of: Int.self) { group in
          for _ in 0..<60 {
            group.addTask { try await client.send(.test("/delay/2")).head.status.code }
          }
          for try await status in group { #expect(status == 200) }
        }
        #expect(client.statistics.connectionsOpened == 3)
        #expect(client.statistics.exchangesBegun == 60 && client.statistics.exchangesOpen == 0)
      }
    }
  }

  @Test func streamsBothWaysAtOnce() async throws {
    try await withServer { server in
      try await withClient(server.port) { (client: HTTPClient) async throws in
        let exchange = try await client.open(.test("/echo", .post))
        #expect(try await exchange.response().status == .ok)
        var parts = exchange.body.makeAsyncIterator()
        for word in ["one", "two", "three"] {
          try await exchange.send(ByteBuffer(string: word))
          #expect(try await parts.next() == ByteBuffer(string: word))
        }
        exchange.finish(trailers: [.init("x-sum")!: "11"])
        #expect(try await parts.next() == nil)
        #expect(try await exchange.trailers() == [.init("x-sum")!: "11"])
        #expect(client.statistics.exchangesOpen == 0)
        #expect(try await client.send(.test("/hello")).head.status == .ok)
        #expect(client.statistics.connectionsOpened == 1)
      }
    }
  }

  @Test func aSenderWaitsForAReceiverThatTakesNothing() async throws {
    try await withServer { $0.http1.bodyWindowBytes = 64 << 10 } _: { server in
      try await withClient(server.port) { (client: HTTPClient) async throws in
        let exchange = try await client.open(.test("/stall", .post))
        let sent = Counter()
        let sender = Task {
          while true {
            try await exchange.send(ByteBuffer(repeating: 0, count: 100_000))
            sent.add(1)
          }
        }
        #expect(try await soon { sent.settled() })
        #expect(sent.value < 200, "sockets' buffers, and no more")
        exchange.cancel()
        #expect(await sender.result.failureCode == .cancelled)
        #expect(try await soon { client.statistics.exchangesOpen == 0 })
        #expect(try await soon { server.handler.record.failures.count == 1 })
      }
    }
  }

  @Test func aResponseNobodyReadsIsNotReceived() async throws {
    try await withServer { server in
      try await withClient(server.port) { $0.readAheadBytesMax = 64 << 10 } _: { (client: HTTPClient) async throws in
        let exchange = try await client.open(.test("/big/50000000", .post))
        exchange.finish()
        #expect(try await exchange.response().status == .ok)
        try await Task.sleep(for: .milliseconds(50))
        var size = 0
        for try await part in exchange.body {
          size += part.readableBytes
          if size > 10_000_000 { break }
        }
        #expect(client.statistics.exchangesOpen == 1)
      }
    }
  }

  @Test func anExchangeLetGoOfIsGivenUp() async throws {
    try await withServer { server in
      try await withClient(server.port) { (client: HTTPClient) async throws in
        do {
          let exchange = try await client.open(.test("/never", .post))
          try await exchange.send(ByteBuffer(string: "x"))
          #expect(try await soon { server.handler.record.receivedBytes == 1 })
        }
        #expect(try await soon { client.statistics.exchangesOpen == 0 })
        #expect(try await soon { server.handler.record.failures.count == 1 })
        #expect(try await client.send(.test("/hello")).head.status == .ok)
      }
    }
  }

  @Test func cancellingTheTaskGivesTheRequestUp() async throws {
    try await withServer { server in
      try await withClient(server.port) { (client: HTTPClient) async throws in
        let task = Task { try await client.send(.test("/never", .post), body: ByteBuffer(string: "x")) }
        #expect(try await soon { server.handler.record.requests.count == 1 })
        task.cancel()
        #expect(await task.result.failureCode == .cancelled)
        #expect(client.statistics.exchangesOpen == 0)
        let never = Task { try await client.send(.test("/hello")) }
        never.cancel()
        _ = await never.result
        #expect(try await soon { client.statistics.exchangesOpen == 0 && client.statistics.requestsWaiting == 0 })
      }
    }
  }

  @Test func aDeadlineEndsTheRequestWhereverItIs() async throws {
    try await withServer { server in
      try await withClient(server.port) { $0.connectionsMax = 1 } _: { (client: HTTPClient) async throws in
        async let running = TransportError.code { () async throws(TransportError) in
          _ = try await client.send(.test("/never"), timeout: .milliseconds(100))
        }
        async let waiting = TransportError.code { () async throws(TransportError) in
          _ = try await client.send(.test("/never"), timeout: .milliseconds(50))
        }
        #expect(await running == .timedOut)
        #expect(await waiting == .timedOut)
        #expect(client.statistics.requestsWaiting == 0 && client.statistics.exchangesOpen == 0)
        #expect(try await client.send(.test("/hello")).head.status == .ok)
      }
    }
  }

  @Test func tooManyWaitingRequestsFailAtOnce() async throws {
    try await withServer { server in
      try await withClient(server.port) {
        $0.connectionsMax = 1
        $0.waitingMax = 2
      } _: { (client: HTTPClient) async throws in
        let first = try await client.open(.test("/never", .post))
        let release = Task {
          _ = try await soon { client.statistics.requestsRefused == 2 }
          first.cancel()
        }
        try await withThrowingTaskGroup(of: TransportError.Code?.self) { group in
          for _ in 0..<4 {
            group.addTask {
              await TransportError.code { () async throws(TransportError) in _ = try await client.send(.test("/hello")) }
            }
          }
          var codes: [TransportError.Code?] = []
          for try await code in group { codes.append(code) }
          #expect(codes.filter { $0 == nil }.count == 2)
          #expect(codes.filter { $0 == .limitExceeded }.count == 2)
        }
        try await release.value
      }
    }
  }

  @Test func aResponseLargerThanAllowedFails() async throws {
    try await withServer { server in
      try await withClient(server.port) { (client: HTTPClient) async throws in
        let code = await TransportError.code { () async throws(TransportError) in
          _ = try await client.send(.test("/big/100000"), responseBytesMax: 50_000)
        }
        #expect(code == .limitExceeded)
        #expect(try await client.send(.test("/big/100"), responseBytesMax: 100).body.readableBytes == 100)
        #expect(client.statistics.exchangesOpen == 0)
      }
    }
  }

  @Test func anEarlyAnswerIsHeardWhileTheBodyIsBeingSent() async throws {
    try await withServer { server in
      try await withClient(server.port) { (client: HTTPClient) async throws in
        let response = try await client.send(.test("/early", .post), body: ByteBuffer(repeating: 0, count: 3_000_000))
        #expect(response.head.status == .contentTooLarge)
        #expect(try await client.send(.test("/hello")).head.status == .ok)
      }
    }
  }

  @Test func nothingListensThere() async throws {
    let server = try await TestServer()
    await server.stop()
    try await withClient(server.port) { (client: HTTPClient) async throws in
      do throws(TransportError) {
        _ = try await client.send(.test("/hello"))
        Issue.record("nobody is there")
      } catch {
        #expect(error.code == .connectFailed && error.isUnprocessed)
        #expect(error.message.contains("127.0.0.1") && error.message.contains("ECONNREFUSED"))
      }
    }
  }

  @Test func afterShutdownNothingBegins() async throws {
    try await withServer { server in
      try await withClient(server.port) { (client: HTTPClient) async throws in
        async let last = client.send(.test("/delay/50"))
        #expect(try await soon { server.handler.record.requests.count == 1 })
        await client.shutdown()
        let head = try await last.head
        #expect(head.status == .ok)
        let code = await TransportError.code { () async throws(TransportError) in _ = try await client.send(.test("/hello")) }
        #expect(code == .cancelled)
        #expect(client.statistics.connectionsOpen == 0)
      }
    }
  }
}
