// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization
import Testing

@testable import Transport

/// What grpcio cannot be made to do, or not at the right moment.
struct GRPCServerTests {
  /// Keeps replies until the test gives them.
  final class Kept: Sendable {
    private let replies = Mutex<[GRPCReply]>([])
    func add(_ reply: GRPCReply) { replies.withLock { $0.append(reply) } }
    func takeFirst() -> GRPCReply? { replies.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
    var count: Int { replies.withLock(\.count) }
  }

  private static func server(
    _ method: GRPCMethod, limits: GRPCLimits = GRPCLimits(), budget: MemoryBudget? = nil,
    admission: GRPCAdmissionCheck? = nil
  ) -> GRPCServer {
    GRPCServer(methods: [FakeCall.path: method], limits: limits, budget: budget, admission: admission)
  }

  private static let echo = GRPCMethod.unary { message, _, reply in reply.succeed(message) }

  @Test func whatIsNoGRPCIsAnsweredByHTTP() {
    let server = Self.server(Self.echo)
    #expect(FakeCall(server, [.contentType: "application/json"]).response.head?.status.code == 415)
    #expect(FakeCall(server, method: .get).response.head?.status.code == 405)
    #expect(FakeCall(server, version: .http1).response.head?.status.code == 505)
    #expect(server.counts.refusals == [.notGRPC: 3])
  }

  @Test func aTimeoutThatIsNoneIsAnInvalidArgument() {
    let server = Self.server(Self.echo)
    let response = FakeCall(server, [.grpcTimeout: "soon"]).response
    #expect(response.status?.code == .invalidArgument)
    #expect(response.head?.status == .ok)
    #expect(server.counts.calls[FakeCall.path] == [.invalidArgument: 1])
  }

  @Test func anUnknownEncodingIsAnsweredWithThoseThatAreKnown() {
    let response = FakeCall(Self.server(Self.echo), [.grpcEncoding: "snappy"]).response
    #expect(response.status?.code == .unimplemented)
    #expect(response.head?.headerFields[.grpcAcceptEncoding] == "identity,gzip")
  }

  @Test func memoryIsReservedByThePrefixAndReleasedByTheReply() throws {
    let budget = MemoryBudget(bytesMax: 1000)
    let kept = Kept()
    let server = Self.server(.unary { _, _, reply in kept.add(reply) }, budget: budget)
    let call = FakeCall(server)
    call.receiver?.receive(body: ByteBuffer(bytes: [0, 0, 0, 2, 88]))
    #expect(budget.reservedBytes == 600)
    call.receiver?.receive(body: ByteBuffer(repeating: 1, count: 600))
    call.receiver?.receiveEnd(trailers: nil)
    #expect(budget.reservedBytes == 600)
    // Another one does not fit: it is refused at once, by its prefix.
    let refused = FakeCall(server)
    refused.receiver?.receive(body: ByteBuffer(bytes: [0, 0, 0, 1, 145]))
    #expect(refused.response.status?.code == .unavailable)
    #expect(refused.response.status?.retryDelay == .seconds(1))
    // What still comes is taken off the connection and dropped.
    refused.receiver?.receive(body: ByteBuffer(repeating: 1, count: 401))
    refused.receiver?.receiveEnd(trailers: nil)
    #expect(refused.response.consumedBytes == 406)
    #expect(budget.reservedBytes == 600)
    kept.takeFirst()?.succeed(ByteBuffer(string: "done"))
    #expect(budget.reservedBytes == 0)
    #expect(try call.response.messages == [ByteBuffer(string: "done")])
    #expect(call.response.status == .ok)
    #expect(server.counts.refusals == [.memoryShort: 1])
  }

  @Test func aMessageThatStopsHalfwayGivesItsMemoryBack() throws {
    let budget = MemoryBudget(bytesMax: 1000)
    let server = Self.server(Self.echo, limits: GRPCLimits(messageTimeout: .seconds(5)), budget: budget)
    let slow = FakeCall(server)
    slow.receiver?.receive(body: ByteBuffer(bytes: [0, 0, 0, 2, 88]))
    slow.response.embedded.advanceTime(by: .seconds(4))
    slow.receiver?.receive(body: ByteBuffer(repeating: 1, count: 100))
    #expect(budget.reservedBytes == 600)
    slow.response.embedded.advanceTime(by: .seconds(2))
    #expect(slow.response.status?.code == .deadlineExceeded, "a byte now and then does not keep it")
    #expect(budget.reservedBytes == 0)
    #expect(server.counts.refusals == [.messageTimeout: 1])
    let whole = FakeCall(server)
    try whole.send(ByteBuffer(repeating: 1, count: 100))
    #expect(whole.response.status == .ok)
  }

  @Test func whatDecompressionNeedsIsReservedToo() throws {
    let budget = MemoryBudget(bytesMax: 100_000)
    let kept = Kept()
    let server = Self.server(.unary { _, _, reply in kept.add(reply) }, budget: budget)
    let fits = FakeCall(server, [.grpcEncoding: "gzip"])
    try fits.send(ByteBuffer(repeating: 0, count: 20_000), .gzip)
    #expect(budget.reservedBytes == 20_000)
    let refused = FakeCall(server, [.grpcEncoding: "gzip"])
    try refused.send(ByteBuffer(repeating: 0, count: 200_000), .gzip)
    #expect(refused.response.status?.code == .unavailable)
    #expect(refused.response.status?.retryDelay == .seconds(1))
    #expect(budget.reservedBytes == 20_000)
    kept.takeFirst()?.fail(GRPCStatus(.aborted))
    #expect(budget.reservedBytes == 0)
  }

  @Test func memoryStaysReservedWhileAHandlerWorksForAClientThatHasGone() throws {
    let budget = MemoryBudget(bytesMax: 1000)
    let kept = Kept()
    let server = Self.server(.unary { _, _, reply in kept.add(reply) }, budget: budget)
    let call = FakeCall(server)
    try call.send(ByteBuffer(repeating: 1, count: 100))
    call.receiver?.fail(TransportError(.reset(.cancel), "reset"))
    #expect(budget.reservedBytes == 100)
    let reply = kept.takeFirst()
    #expect(reply?.isCancelled == true)
    reply?.succeed(ByteBuffer())
    #expect(budget.reservedBytes == 0)
    #expect(server.counts.calls[FakeCall.path] == [.cancelled: 1])
    #expect(server.counts.callsUnderWay == 0)
  }

  @Test func aCallBrokenOffInItsBodyGivesItsMemoryBack() {
    let budget = MemoryBudget(bytesMax: 1000)
    let call = FakeCall(Self.server(Self.echo, budget: budget))
    call.receiver?.receive(body: ByteBuffer(bytes: [0, 0, 0, 1, 0, 7]))
    #expect(budget.reservedBytes == 256)
    call.receiver?.fail(TransportError(.connectionClosed, "closed"))
    #expect(budget.reservedBytes == 0)
  }

  @Test func theServersOwnClockEndsACall() throws {
    let kept = Kept()
    let call = FakeCall(Self.server(.unary { _, _, reply in kept.add(reply) }), [.grpcTimeout: "2S"])
    try call.send(ByteBuffer())
    call.response.embedded.advanceTime(by: .milliseconds(1999))
    #expect(!call.response.hasEnded)
    call.response.embedded.advanceTime(by: .milliseconds(1))
    #expect(call.response.status?.code == .deadlineExceeded)
    let reply = kept.takeFirst()
    #expect(reply?.isCancelled == true)
    reply?.succeed(ByteBuffer(string: "late"))
    #expect(call.response.body.readableBytes == 0)
  }

  @Test func callsBeyondTheLimitAreToldToComeAgain() throws {
    let kept = Kept()
    let server = Self.server(.unary { _, _, reply in kept.add(reply) }, limits: GRPCLimits(callsMax: 1))
    let first = FakeCall(server)
    try first.send(ByteBuffer())
    let second = FakeCall(server).response
    #expect(second.status?.code == .unavailable)
    #expect(second.status?.retryDelay == .seconds(1))
    kept.takeFirst()?.succeed(ByteBuffer())
    #expect(FakeCall(server).receiver != nil)
    #expect(server.counts.refusals == [.tooManyCalls: 1])
  }

  @Test func admissionSeesTheHeadBeforeAnyByteAndHearsOfTheEnd() throws {
    let onEnds = EndCounter()
    let server = Self.server(
      Self.echo,
      admission: { request throws(GRPCStatus) in
        guard request.metadata["tenant"] == "a" else { throw GRPCStatus(.permissionDenied, "no tenant") }
        return GRPCAdmission(context: "a", onEnd: { onEnds.add() })
      })
    #expect(FakeCall(server).response.status?.code == .permissionDenied)
    let call = FakeCall(server, (["tenant": "a"] as GRPCMetadata).fields)
    #expect(onEnds.value == 0)
    try call.send(ByteBuffer())
    #expect(onEnds.value == 1)
    #expect(server.counts.callsUnderWay == 0)
  }

  final class EndCounter: Sendable {
    private let atomic = Atomic(0)
    func add() { atomic.add(1, ordering: .relaxed) }
    var value: Int { atomic.load(ordering: .relaxed) }
  }

  @Test func aRequestIsReadAByteAtATime() throws {
    let call = FakeCall(Self.server(Self.echo))
    for byte in try GRPCFrameWriter.frame(ByteBuffer(string: "a message"), .identity).readableBytesView {
      call.receiver?.receive(body: ByteBuffer(bytes: [byte]))
    }
    call.receiver?.receiveEnd(trailers: nil)
    #expect(try call.response.messages == [ByteBuffer(string: "a message")])
    #expect(call.response.consumedBytes == 14)
  }

  @Test func aRequestThatEndsWithinAMessageIsInternal() {
    let call = FakeCall(Self.server(Self.echo))
    call.receiver?.receive(body: ByteBuffer(bytes: [0, 0, 0, 0, 2, 1]))
    call.receiver?.receiveEnd(trailers: nil)
    #expect(call.response.status?.code == .internal)
  }

  @Test func aCompressedMessageWithoutEncodingIsInternal() throws {
    let call = FakeCall(Self.server(Self.echo))
    try call.send(ByteBuffer(string: "text"), .gzip)
    #expect(call.response.status?.code == .internal)
  }

  @Test func aReplyIsGivenOnce() throws {
    let call = FakeCall(
      Self.server(
        .unary { message, _, reply in
          reply.succeed(message)
          reply.fail(GRPCStatus(.aborted))
          reply.succeed(message)
        }))
    try call.send(ByteBuffer(string: "once"))
    #expect(try call.response.messages == [ByteBuffer(string: "once")])
    #expect(call.response.status == .ok)
  }

  @Test func mutatedRequestsAreAnsweredAndGiveTheirMemoryBack() throws {
    let budget = MemoryBudget(bytesMax: 1 << 20)
    let limits = GRPCLimits(messageBytesMax: 5000, decompressedBytesMax: 5000)
    let server = Self.server(Self.echo, limits: limits, budget: budget)
    let frame = try GRPCFrameWriter.frame(GzipTests.sample(2000), .gzip)
    var generator = TestGenerator(seed: 4714)
    for _ in 0..<2000 {
      var mutated = frame
      for _ in 0...generator.next() % 3 {
        let index = Int(generator.next() % UInt64(mutated.readableBytes))
        mutated.setInteger(UInt8(truncatingIfNeeded: generator.next()), at: index)
      }
      let call = FakeCall(server, [.grpcEncoding: "gzip"])
      while let part = mutated.readSlice(length: min(mutated.readableBytes, Int(generator.next() % 700) + 1)),
        part.readableBytes > 0
      { call.receiver?.receive(body: part) }
      call.receiver?.receiveEnd(trailers: nil)
      #expect(call.response.status != nil)
      #expect(call.response.consumedBytes == frame.readableBytes)
    }
    #expect(budget.reservedBytes == 0)
    #expect(server.counts.callsUnderWay == 0)
    #expect((server.counts.refusals[.malformed] ?? 0) > 1000)
  }
}
