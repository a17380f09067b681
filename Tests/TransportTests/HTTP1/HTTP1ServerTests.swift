// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import TestSupport
import Testbed
import Testing
import Transport

@Suite(.network) struct HTTP1ServerTests {
  @Test func answersAndKeepsTheConnection() async throws {
    try await withServer { server in
      let connection = try server.connect()
      for _ in 0..<3 {
        try connection.send(Array("GET /hello HTTP/1.1\r\nHost: a.test\r\n\r\n".utf8))
        let answer = try connection.receive(until: "hello")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(!answer.lowercased().contains("connection:"))
      }
      let request = try #require(server.handler.record.requests.first)
      #expect(request.method == .get && request.authority == "a.test" && request.path == "/hello")
      #expect(request.scheme == "http")
      #expect(server.server.statistics.connectionsAccepted == 1)
    }
  }

  @Test func closesWhenAsked() async throws {
    try await withServer { server in
      let answer = try server.talk("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(answer.hasSuffix("\r\nconnection: close\r\n\r\nhello"))
      #expect(await server.isEmpty())
    }
  }

  @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
    try await withServer { server in
      let requests = ["/delay/30", "/hello", "/delay/1", "/hello"].map {
        "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n"
      }
      let answer = try server.talk(requests.joined() + "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      let bodies = answer.split(separator: "\r\n").filter { $0.contains("late") || $0.contains("hello") }
      #expect(bodies.map { $0.prefix(4) } == ["late", "hell", "late", "hell", "hell"])
    }
  }

  @Test func morePipelinedRequestsThanMayWaitEndTheConnectionAfterThem() async throws {
    try await withServer {
      $0.http1.pipelinedMax = 4
    } _: { server in
      let one = "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"
      let answer = try server.talk("GET /delay/20 HTTP/1.1\r\nHost: a\r\n\r\n" + String(repeating: one, count: 50))
      #expect(answer.split(separator: "HTTP/1.1 200 OK").count <= 6)
      #expect(server.server.statistics.count(.pipelineTooLong) == 1)
    }
  }

  @Test func bodiesWithALengthAndInChunksComeThrough() async throws {
    try await withServer { server in
      let connection = try server.connect()
      try connection.send(Array("POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789".utf8))
      #expect(try connection.receive(until: "0\r\n\r\n").contains("10 \r\n"))
      let head = "POST /collect HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      try connection.send(Array("\(head)5\r\n01234\r\n3;x=y\r\n567\r\n0\r\nX-Sum: 8\r\n\r\n".utf8))
      #expect(try connection.receive(until: "0\r\n\r\n").lowercased().contains("8 x-sum=8"))
    }
  }

  @Test func echoesTrailers() async throws {
    try await withServer { server in
      let head = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
      let answer = try server.talk("\(head)5\r\n01234\r\n0\r\nX-Sum: 8\r\n\r\n")
      #expect(answer.hasSuffix("5\r\n01234\r\n0\r\nX-Sum: 8\r\n\r\n"))
    }
  }

  @Test func aHeadRequestHasNoBody() async throws {
    try await withServer { server in
      let answer = try server.talk("HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(answer.lowercased().contains("content-length: 5") && answer.hasSuffix("\r\n\r\n"))
    }
  }

  @Test func aStatusWithoutBodyHasNone() async throws {
    try await withServer { server in
      let answer = try server.talk("GET /nocontent HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(answer == "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
    }
  }

  @Test func continueIsSentOnlyWhenTheBodyIsWanted() async throws {
    try await withServer { server in
      let connection = try server.connect()
      let expect = "HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
      try connection.send(Array("POST /collect \(expect)".utf8))
      #expect(try connection.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
      try connection.send(Array("abc".utf8))
      #expect(try connection.receive(until: "0\r\n\r\n").contains("3 "))
      let answer = try server.talk("POST /early \(expect)")
      #expect(answer.hasPrefix("HTTP/1.1 413") && answer.contains("connection: close"))
    }
  }

  @Test func aRequestOfHTTP10IsAnsweredAndTheConnectionClosed() async throws {
    try await withServer { server in
      let answer = try server.talk("GET /big/3 HTTP/1.0\r\n\r\n")
      #expect(answer.hasSuffix("\r\nconnection: close\r\n\r\naaa"))
    }
  }

  @Test func aClientThatEndsItsSideGetsItsAnswer() async throws {
    try await withServer { server in
      let answer = try server.talk("GET /delay/50 HTTP/1.1\r\nHost: a\r\n\r\n", halfCloses: true)
      #expect(answer.contains("late"))
      #expect(await server.isEmpty())
    }
  }

  @Test func anAnswerBeforeTheBodyIsReadByTheClient() async throws {
    try await withServer { server in
      let body = String(repeating: "x", count: 100_000)
      let request = "POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n\(body)"
      let answer = try server.talk(request + "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
      #expect(answer.hasPrefix("HTTP/1.1 413") && answer.hasSuffix("hello"), "the rest was drained")
    }
  }

  @Test func aRestThatIsTooLongToDrainEndsTheConnection() async throws {
    try await withServer {
      $0.http1.drainBytesMax = 1000
    } _: { server in
      let connection = try server.connect()
      try connection.send(Array("POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n".utf8))
      #expect(try connection.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 413"))
      try connection.send(Array(repeating: 0x78, count: 10_000))
      #expect(try connection.rest().isEmpty)
      #expect(server.server.statistics.count(.bodyNotDrained) == 1)
    }
  }

  @Test func aWrongLengthEndsTheConnection() async throws {
    try await withServer { server in
      let answer = try server.talk("GET /wrong HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(!answer.contains("200 OK\r\n\r\n"))
      #expect(server.server.statistics.count(.responseLengthWrong) == 1)
    }
  }

  @Test func whatIsNotConsumedIsNotRead() async throws {
    try await withServer {
      $0.http1.bodyWindowBytes = 64 << 10
    } _: { server in
      let connection = try server.connect(timeout: .milliseconds(300))
      try connection.send(Array("POST /stall HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n".utf8))
      #expect(await eventually { server.handler.record.requests.count == 1 })
      #expect(throws: (any Error).self, "the socket's buffers are full") {
        try connection.send([UInt8](repeating: 0x78, count: 50_000_000))
      }
      #expect(server.handler.record.receivedBytes < 200_000)
      connection.resetOnClose()
      connection.close()
      #expect(await server.isEmpty())
      #expect(await eventually { server.handler.record.failures.count == 1 })
    }
  }

  @Test func aLargeAnswerWaitsForItsReader() async throws {
    try await withServer { server in
      let connection = try server.connect()
      try connection.send(Array("GET /big/5000000 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
      try await Task.sleep(for: .milliseconds(50))
      #expect(try connection.rest().utf8.filter { $0 == 0x61 }.count >= 5_000_000)
    }
  }
}
