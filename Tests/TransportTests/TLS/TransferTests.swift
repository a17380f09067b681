// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testbed
import Testing
import Transport

/// What becomes of bytes once the handshake is done.
@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct TransferTests {
  let fixture: TLSFixture

  init() throws {
    fixture = try TLSFixture.shared()
  }

  /// Bytes that tell when any of them is missing or out of place.
  private func pattern(_ byteCount: Int) -> ByteBuffer {
    let block = ByteBuffer(bytes: (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 5) })
    var buffer = ByteBuffer()
    buffer.reserveCapacity(byteCount + block.readableBytes)
    while buffer.readableBytes < byteCount {
      buffer.writeInteger(buffer.readableBytes)
      buffer.writeImmutableBuffer(block)
    }
    return buffer.getSlice(at: 0, length: byteCount) ?? buffer
  }

  @Test func sixteenMebibytesBothWays() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let client = try await TLSTestClient(to: server, fixture.clientContext())
    let bytes = pattern(16 << 20)
    try await client.channel.writeAndFlush(bytes)
    #expect(await eventually { client.witness.receivedCount >= bytes.readableBytes })
    #expect(client.witness.received == bytes)
    #expect(client.witness.errors.isEmpty)
  }

  @Test func manySmallWritesArriveInOrderAndComplete() async throws {
    let server = try await TLSTestServer(fixture.serverContext(), .remember)
    let client = try await TLSTestClient(to: server, fixture.clientContext())
    let channel = client.channel
    let count = 20_000
    let futures = try await channel.eventLoop.submit {
      (0..<count).map { number in
        let future = channel.write(ByteBuffer(integer: UInt32(number)))
        if number % 100 == 0 { channel.flush() }
        return future
      }
    }.get()
    channel.flush()
    for future in futures { try await future.get() }
    let witness = try await server.first()
    #expect(await eventually { witness.receivedCount == count * 4 })
    var received = witness.received
    let numbers = received.readMultipleNumbers(count)
    #expect(numbers == (0..<UInt32(count)).map { $0 })
  }

  @Test func whatWasFlushedArrivesBeforeAClose() async throws {
    let server = try await TLSTestServer(fixture.serverContext(), .remember)
    let client = try await TLSTestClient(to: server, fixture.clientContext())
    let bytes = pattern(1 << 20)
    // Neither is waited for: the close comes after the bytes.
    client.channel.writeAndFlush(bytes, promise: nil)
    _ = await client.outcome()
    try await client.channel.close()
    let witness = try await server.first()
    #expect(await eventually { witness.isInactive })
    #expect(witness.received == bytes)
    #expect(witness.errors.isEmpty)
  }

  @Test func writesAfterACloseFail() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let client = try await TLSTestClient(to: server, fixture.clientContext())
    _ = await client.outcome()
    let unflushed = client.channel.write(ByteBuffer(string: "not flushed"))
    try await client.channel.close()
    await #expect(throws: (any Error).self) { try await unflushed.get() }
    await #expect(throws: (any Error).self) { try await client.send("late") }
  }

  @Test func eitherHalfMayEndByItself() async throws {
    let server = try await TLSTestServer(fixture.serverContext(), .echo, allowsHalfClosure: true)
    let client = try await TLSTestClient(to: server, fixture.clientContext(), allowsHalfClosure: true)
    _ = await client.outcome()
    try await client.send("request")
    try await client.channel.close(mode: .output)
    await #expect(throws: (any Error).self) { try await client.send("more") }
    // The server still answers, and then ends its half.
    let witness = try await server.first()
    #expect(await eventually { witness.isInactive && client.witness.isInactive })
    #expect(witness.inputClosed)
    #expect(String(buffer: client.witness.received) == "requestbye")
    #expect(witness.errors.isEmpty)
    #expect(client.witness.errors.isEmpty)
  }

  @Test func theEndOfOneHalfClosesBothUnlessAllowed() async throws {
    let server = try await TLSTestServer(fixture.serverContext(), .echoThenClose(byteCount: 3))
    let client = try await TLSTestClient(to: server, fixture.clientContext())
    try await client.send("end")
    #expect(await eventually { client.witness.isInactive })
    #expect(String(buffer: client.witness.received) == "end")
    #expect(client.witness.errors.isEmpty)
    #expect(try await server.first().errors.isEmpty)
  }

  @Test func anotherEndThatDoesNotCloseIsNotWaitedForLong() async throws {
    let server = try await TLSTestServer(
      fixture.serverContext(), .echoThenClose(byteCount: 1), closeTimeout: .milliseconds(100))
    let client = try await TLSTestClient(to: server, fixture.clientContext(), allowsHalfClosure: true)
    try await client.send("x")
    // It may go on sending, and nobody listens.
    #expect(await eventually { client.witness.inputClosed })
    let witness = try await server.first()
    #expect(await eventually { witness.isInactive })
    #expect(witness.errors.isEmpty)
    #expect(!client.witness.isInactive)
    try await client.channel.close()
  }

  @Test func readingOnRequestLosesNothing() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let client = try await TLSTestClient(to: server, fixture.clientContext(), autoRead: false)
    // The handshake needs nobody to read.
    _ = try await client.outcome().get()
    let bytes = pattern(200_000)
    let sent = client.begin(bytes)
    var asked = 0
    while client.witness.receivedCount < bytes.readableBytes, asked < 2000 {
      let before = client.witness.receivedCount
      client.channel.read()
      asked += 1
      // One request brings something, also when a record comes in pieces.
      try #require(await eventually { client.witness.receivedCount > before })
    }
    #expect(client.witness.received == bytes)
    try await sent.get()
  }
}

extension ByteBuffer {
  fileprivate mutating func readMultipleNumbers(_ count: Int) -> [UInt32] {
    (0..<count).compactMap { _ in readInteger() }
  }
}
