// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testbed
import Testing

@testable import Relay

/// A predecessor as its successor sees it: what it was asked to do, and what it gives away.
private final class Incumbent: Succeeded, @unchecked Sendable {
  // Touched on the loop's thread only, but for reads after it has ended.
  var isInCharge = true
  var events: [String] = []
  var items: [HandoverItem] = []
  var channel: HandoverChannel?
  let loop: EventLoop

  init(_ loop: EventLoop) { self.loop = loop }

  func offer() -> [HandoverItem] { items }

  func giveUpCharge() {
    isInCharge = false
    events.append("gave up charge")
  }

  func resumeCharge() {
    isInCharge = true
    events.append("resumed")
    loop.stop()
  }

  func wasSucceeded(_ channel: HandoverChannel) {
    events.append("succeeded")
    self.channel = channel
  }

  func lostSuccessor() {
    events.append("lost")
    loop.stop()
  }
}

@Suite struct HandoverTests {
  private static let maps: UInt64 = 77

  /// Runs the body beside a predecessor on a thread of its own; what the predecessor was asked to do.
  private func beside(
    _ prepare: (Incumbent) throws -> Void = { _ in }, whenSucceeded: (@Sendable (HandoverChannel) -> Void)? = nil,
    _ body: (String) throws -> Void
  ) throws -> [String] {
    let directory = try TemporaryDirectory(named: "swerve-takeover")
    let loop = try EventLoop()
    let incumbent = Incumbent(loop)
    try prepare(incumbent)
    let server = TakeoverServer(
      stateDirectory: directory.path, maps: Self.maps, relay: incumbent, loop: loop, logger: Logger(label: "test"))
    try server.listen()
    if let whenSucceeded {
      loop.repeat(every: .milliseconds(1)) {
        guard let channel = incumbent.channel else { return }
        incumbent.channel = nil
        whenSucceeded(channel)
      }
    }
    // Whatever goes wrong, the thread ends.
    loop.schedule(after: .seconds(3)) { loop.stop() }
    let remote = loop.remote
    nonisolated(unsafe) let running = loop
    let thread = try WorkerThread { try? running.run() }
    let outcome = Result { try body(directory.path) }
    if case .failure = outcome { remote.perform { $0.stop() } }
    usleep(50_000)
    remote.perform { $0.stop() }
    thread.join()
    server.close(unlinking: true)
    try outcome.get()
    return incumbent.events
  }

  /// A lock and one listener, which a predecessor has in any case.
  private func leastOffer(_ incumbent: Incumbent) throws {
    // Without bind(2) the kernel chooses a port when the socket begins to listen.
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(listen(listener, 4) == 0)
    incumbent.items = [
      HandoverItem(.lock, open("/dev/null", O_RDONLY)), HandoverItem(.listener(isIPv6: false), listener),
    ]
  }

  @Test func withoutARunningRelayThereIsNobodyToSucceed() throws {
    let directory = try TemporaryDirectory(named: "swerve-takeover")
    #expect(try Predecessor.ask(in: directory.path, maps: Self.maps) == nil)
  }

  @Test func listenersMoveAndAnswerFromTheSuccessor() throws {
    let events = try beside(leastOffer) { directory in
      let predecessor = try #require(try Predecessor.ask(in: directory, maps: Self.maps))
      defer { predecessor.offer.close() }
      let listener = try #require(predecessor.offer.listeners.first)
      #expect(listener.cookie != 0 && listener.inode != 0)
      let port = UInt16(bigEndian: listener.record.port_ipv4)
      let client = try RawConnection(to: #require(TCPAddress("127.0.0.1", port)))
      let accepted = accept(listener.ipv4, nil, nil)
      #expect(accepted >= 0)
      close(accepted)
      client.close()
      try predecessor.take()
      try predecessor.confirm()
    }
    #expect(events.prefix(2) == ["gave up charge", "succeeded"])
  }

  @Test func socketsOfClientsAndPoolsMoveWithWhatIsKnownOfThem() throws {
    // More than a message holds.
    let count = 200
    var pairs: [(near: Int32, far: Int32)] = []
    for _ in 0..<count {
      var ends: [Int32] = [0, 0]
      try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
      pairs.append((ends[0], ends[1]))
    }
    let moved = pairs.enumerated().map { index, pair in
      let record =
        index % 2 == 0 ? HandoverRecord.pool(slot: UInt32(index)) : .accepted(bytesRead: UInt64(index) << 40)
      return HandoverItem(record, pair.near)
    }
    let events = try beside(leastOffer) { channel in
      channel.send(moved, giving: true)
      channel.send([HandoverItem(.settled), HandoverItem(.done)])
    } _: { directory in
      let predecessor = try #require(try Predecessor.ask(in: directory, maps: Self.maps))
      defer { predecessor.offer.close() }
      try predecessor.take()
      try predecessor.confirm()
      var received: [HandoverItem] = []
      while received.last?.record != .done {
        try #require(predecessor.socket.wait(milliseconds: 2000))
        guard case .items(let items) = predecessor.socket.receive() else { break }
        received += items
      }
      #expect(received.map(\.record) == moved.map(\.record) + [.settled, .done])
      for (item, pair) in zip(received, pairs) {
        #expect(write(item.descriptor, "x", 1) == 1)
        var byte: UInt8 = 0
        #expect(read(pair.far, &byte, 1) == 1 && byte == UInt8(ascii: "x"))
        close(item.descriptor)
        // The predecessor has closed its own copies: this was the last one.
        #expect(read(pair.far, &byte, 1) == 0)
        close(pair.far)
      }
    }
    #expect(events.contains("succeeded"))
  }

  @Test func onOtherMapsNobodyIsSucceeded() throws {
    let events = try beside(leastOffer) { directory in
      #expect(throws: RelayError.self) { try Predecessor.ask(in: directory, maps: Self.maps + 1) }
    }
    #expect(events.isEmpty)
  }

  @Test func aRelayThatIsStoppingIsNotSucceeded() throws {
    let events = try beside { incumbent in
      try leastOffer(incumbent)
      incumbent.isInCharge = false
    } _: { directory in
      #expect(throws: RelayError.self) { try Predecessor.ask(in: directory, maps: Self.maps) }
    }
    #expect(events.isEmpty)
  }

  @Test func aSuccessorThatDiesBeforeItRunsLeavesTheOldOneInCharge() throws {
    let events = try beside(leastOffer) { directory in
      let predecessor = try #require(try Predecessor.ask(in: directory, maps: Self.maps))
      try predecessor.take()
      predecessor.offer.close()
      // Its channel is closed with it.
    }
    #expect(events == ["gave up charge", "resumed"])
  }

  @Test func aSuccessorThatOnlyAsksChangesNothing() throws {
    let events = try beside(leastOffer) { directory in
      try #require(try Predecessor.ask(in: directory, maps: Self.maps)).offer.close()
      let second = try #require(try Predecessor.ask(in: directory, maps: Self.maps))
      second.offer.close()
    }
    #expect(events.isEmpty)
  }

  @Test func theLossOfASuccessorIsNoticed() throws {
    let events = try beside(leastOffer) { directory in
      let predecessor = try #require(try Predecessor.ask(in: directory, maps: Self.maps))
      defer { predecessor.offer.close() }
      try predecessor.take()
      try predecessor.confirm()
    }
    #expect(events == ["gave up charge", "succeeded", "lost"])
  }

  @Test func everyRecordSurvivesItsEncoding() {
    let records: [HandoverRecord] = [
      .hello(abi: 2, maps: .max), .refused(.busy), .lock, .listener(isIPv6: false), .listener(isIPv6: true),
      .predecessor, .offered, .take, .charge, .running, .accepted(bytesRead: 1 << 40), .pool(slot: 131_071), .settled,
      .done,
    ]
    for record in records {
      var bytes: [UInt8] = []
      record.encode(into: &bytes)
      #expect(bytes.count == HandoverRecord.size)
      #expect(bytes.withUnsafeBytes { HandoverRecord($0) } == record)
    }
    #expect([UInt8](repeating: 0xff, count: 16).withUnsafeBytes { HandoverRecord($0) } == nil)
    #expect([UInt8](repeating: 0, count: 4).withUnsafeBytes { HandoverRecord($0) } == nil)
  }
}
