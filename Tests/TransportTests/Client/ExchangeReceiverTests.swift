// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization
import TestSupport
import Testbed
import Testing
import Transport

/// Requests below async/await.
@Suite(.network) struct ExchangeReceiverTests {
  /// Sends a body and tells what it hears.
  final class Receiver: ExchangeReceiver {
    private let log: Log
    private let body: ByteBuffer

    init(_ log: Log, _ body: ByteBuffer) {
      self.log = log
      self.body = body
    }

    func begun(_ sender: any BodySender) {
      log.add("begun")
      sender.send(body: body)
      sender.sendEnd(trailers: nil)
    }

    func receive(head: HTTPResponse) { log.add("head \(head.status.code)") }
    func receive(body: ByteBuffer) { log.add("body \(String(buffer: body))") }
    func receiveEnd(trailers: HTTPFields?) { log.add("end") }
    func fail(_ error: TransportError) { log.add("fail \(error.code)") }
  }

  final class Log: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  @discardableResult
  private func begin(
    _ client: HTTPClient, _ path: String, _ log: Log, deadline: NIODeadline? = nil
  ) -> RequestHandle {
    client.begin(.test(path, .post), endsHere: false, deadline: deadline) { _ in
      Receiver(log, ByteBuffer(string: "abc"))
    }
  }

  @Test(arguments: Wire.available) func hearsEverythingInOrder(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let log = Log()
      begin(client, "/echo", log)
      #expect(await eventually { log.all.last == "end" })
      #expect(log.all == ["begun", "head 200", "body abc", "end"])
    }
  }

  @Test(arguments: Wire.available) func failsExactlyOnceHoweverItEnds(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let logs = (0..<4).map { _ in Log() }
      // Cancelled before its turn on the event loop, and after.
      begin(client, "/never", logs[0]).cancel()
      let handle = begin(client, "/never", logs[1])
      begin(client, "/never", logs[2], deadline: .now() + .milliseconds(60))
      begin(client, "/reset", logs[3])
      #expect(await eventually { logs[3].all.last?.hasPrefix("fail") == true && logs[1].all == ["begun"] })
      handle.cancel()
      handle.cancel()
      #expect(await eventually { logs[2].all.last?.hasPrefix("fail") == true })
      #expect(await eventually { logs[1].all.last?.hasPrefix("fail") == true })
      try await Task.sleep(for: .milliseconds(30))
      #expect(logs.allSatisfy { $0.all.filter { $0.hasPrefix("fail") }.count == 1 }, "\(logs.map(\.all))")
      #expect(logs[0].all.last == "fail cancelled" && logs[1].all.last == "fail cancelled")
      #expect(logs[2].all.last == "fail timedOut")
      #expect(client.statistics.exchangesOpen == 0 && client.statistics.requestsWaiting == 0)
    }
  }

  /// Not a benchmark: thousands of exchanges, none lost, none left.
  @Test(arguments: Wire.available) func manyExchangesLeaveNothing(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      let (ended, failed) = (Counter(), Counter())
      let body = ByteBuffer(repeating: 0x61, count: 1000)
      for _ in 0..<3000 {
        client.begin(.test("/collect", .post), endsHere: false) { _ in Tally(body, ended, failed) }
      }
      #expect(await eventually { ended.value + failed.value == 3000 })
      #expect(failed.value == 0)
      #expect(client.statistics.exchangesOpen == 0 && client.statistics.requestsWaiting == 0)
      #expect(server.handler.record.requests.count == 3000 && server.handler.record.failures.isEmpty)
    }
  }

  final class Tally: ExchangeReceiver {
    private let (body, ended, failed): (ByteBuffer, Counter, Counter)
    private var sender: (any BodySender)?

    init(_ body: ByteBuffer, _ ended: Counter, _ failed: Counter) {
      (self.body, self.ended, self.failed) = (body, ended, failed)
    }

    func begun(_ sender: any BodySender) {
      self.sender = sender
      sender.send(body: body)
      sender.sendEnd(trailers: nil)
    }

    func receive(head: HTTPResponse) {}
    func receive(body: ByteBuffer) { sender?.consumed(body.readableBytes) }
    func receiveEnd(trailers: HTTPFields?) { ended.add(1) }
    func fail(_ error: TransportError) { failed.add(1) }
  }
}
