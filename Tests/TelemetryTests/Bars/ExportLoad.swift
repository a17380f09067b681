// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import Telemetry
import Testbed
import Transport

/// Exports by gRPC over many connections, on each of them many at once, each with a number of its own: who has been
/// told what is known afterwards. What is refused is sent again after a pause, as exporters do. Requests under way
/// share their bytes.
final class ExportLoad: Sendable {
  struct Result: Sendable {
    /// Numbers of requests that the receiver has taken.
    var acknowledged: [Int] = []
    /// Refusals by UNAVAILABLE with RetryInfo, or by DEADLINE_EXCEEDED of a message whose bytes did not come: both say
    /// "again".
    var unavailable = 0
    /// Streams that the receiver never looked at: REFUSED_STREAM.
    var refusedStreams = 0
    /// Anything else that ended a request; nothing should.
    var others: [String: Int] = [:]
    /// Refused so often that the time was over.
    var givenUp = 0
    /// The most that was under way at once.
    var underWayMax = 0
  }

  private struct State {
    var result = Result()
    var next = 0
    var underWay = 0
    var ended = 0
    /// No request is sent again after that; nil until all connections are there.
    var deadline: ContinuousClock.Instant?
  }

  let export: NumberedExport
  /// Of what was refused.
  let retry: RetryPolicy
  private let inFlight: Int
  private let count: Int
  private let state = Mutex(State())

  /// - Parameters:
  ///   - inFlight: requests at once on each connection, as far as the receiver allows.
  ///   - count: of requests, all connections together.
  init(_ export: NumberedExport, inFlight: Int, count: Int) {
    self.export = export
    var retry = RetryPolicy()
    retry.initialInterval = .seconds(1)
    retry.maxElapsedTime = .zero
    self.retry = retry
    self.inFlight = inFlight
    self.count = count
  }

  /// Sends everything, over connections that begin at the same time.
  ///
  /// - Parameter limit: in which what is refused is sent again.
  /// - Returns: what became of it; what has not even been answered a minute after that is in `others`.
  func run(port: Int, connections: Int, within limit: Duration) async throws -> Result {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    var made: [NIOLoopBound<ExportLoadConnection>] = []
    for _ in 0..<connections { made.append(try await connect(port, group)) }
    state.withLock { $0.deadline = .now + limit }
    for connection in made { connection.eventLoop.execute { connection.value.fill() } }
    let isComplete = await eventually(within: limit + .seconds(60)) {
      try? await Task.sleep(for: .milliseconds(10))
      return state.withLock { $0.ended == count }
    }
    try await group.shutdownGracefully()
    return state.withLock { state in
      if !isComplete { state.result.others["not ended", default: 0] += count - state.ended }
      return state.result
    }
  }

  private func connect(
    _ port: Int, _ group: MultiThreadedEventLoopGroup
  ) async throws -> NIOLoopBound<ExportLoadConnection> {
    var limits = HTTP2Limits()
    limits.concurrentStreamsMax = inFlight
    let channel = try await ClientBootstrap(group: group)
      .channelInitializer { [limits] channel in
        channel.eventLoop.makeCompletedFuture {
          let http2 = HTTP2ClientHandler(eventLoop: channel.eventLoop, limits: limits)
          try channel.pipeline.syncOperations.addHandler(http2)
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
    return try await channel.eventLoop.submit {
      let http2 = try channel.pipeline.syncOperations.handler(type: HTTP2ClientHandler.self)
      let connection = ExportLoadConnection(self, http2)
      http2.delegate = connection
      channel.closeFuture.assumeIsolated().whenComplete { _ in withExtendedLifetime(connection) {} }
      return NIOLoopBound(connection, eventLoop: channel.eventLoop)
    }.get()
  }

  // MARK: For connections

  fileprivate var inFlightMax: Int { inFlight }

  /// Nil when all have been sent.
  fileprivate func begin() -> Int? {
    state.withLock { state in
      guard state.next < count, state.deadline != nil else { return nil }
      state.next += 1
      state.underWay += 1
      state.result.underWayMax = max(state.result.underWayMax, state.underWay)
      return state.next - 1
    }
  }

  /// False: refused so often that the time is over.
  fileprivate func beginAgain(after delay: Duration) -> Bool {
    state.withLock { state in
      state.result.unavailable += 1
      guard let deadline = state.deadline, .now + delay < deadline else { return false }
      state.underWay -= 1
      return true
    }
  }

  fileprivate func sendAgain() {
    state.withLock { $0.underWay += 1 }
  }

  fileprivate func end(_ body: (inout Result) -> Void) {
    state.withLock { state in
      state.underWay -= 1
      state.ended += 1
      body(&state.result)
    }
  }
}

/// One connection, on its event loop.
private final class ExportLoadConnection: ClientConnectionDelegate {
  private let load: ExportLoad
  private let http2: HTTP2ClientHandler
  /// Those included that wait to be sent again.
  private var underWay = 0
  private var waiting: [(number: Int, attempt: Int)] = []
  private var isFilling = false

  init(_ load: ExportLoad, _ http2: HTTP2ClientHandler) {
    self.load = load
    self.http2 = http2
  }

  func streamsAvailableChanged(_ connection: any ClientConnection) { fill() }
  func closed(_ connection: any ClientConnection, _ error: TransportError?) {}

  func ended(_ body: (inout ExportLoad.Result) -> Void) {
    underWay -= 1
    load.end(body)
    // Not in the middle of what the connection is doing.
    http2.eventLoop.assumeIsolated().execute { self.fill() }
  }

  /// Sends a request again after the pause that the receiver has asked for, longer each time.
  func refused(_ number: Int, _ attempt: Int, _ asked: Duration) {
    let delay = load.retry.delay(attempt: attempt, elapsed: .zero, asked: asked, random: .random(in: 0...1))
    guard let delay, load.beginAgain(after: delay) else { return ended { $0.givenUp += 1 } }
    http2.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) {
      self.waiting.append((number, attempt + 1))
      self.fill()
    }
  }

  /// Begins as many requests as may be under way.
  func fill() {
    if isFilling { return }
    isFilling = true
    defer { isFilling = false }
    while http2.streamsAvailable > 0 {
      if let (number, attempt) = waiting.popLast() {
        load.sendAgain()
        send(number, attempt)
      } else if underWay < load.inFlightMax, let number = load.begin() {
        underWay += 1
        send(number, 1)
      } else {
        return
      }
    }
  }

  private static let head = HTTPRequest(
    method: .post, scheme: "http", authority: "127.0.0.1", path: Signal.traces.exportMethod,
    headerFields: [.contentType: "application/grpc", .te: "trailers"])

  private func send(_ number: Int, _ attempt: Int) {
    let sender = http2.begin(Self.head, endsHere: false, receiver: ExportLoadExchange(self, number, attempt))
    let unique = load.export.head(number)
    var body = ByteBuffer()
    body.writeInteger(UInt8(0))
    body.writeInteger(UInt32(unique.readableBytes + load.export.filler.readableBytes))
    body.writeImmutableBuffer(unique)
    sender.send(body: body)
    sender.send(body: load.export.filler)
    sender.sendEnd(trailers: nil)
  }
}

/// One request, on its event loop.
private final class ExportLoadExchange: ResponseReceiver {
  private let connection: ExportLoadConnection
  private let number: Int
  private let attempt: Int

  init(_ connection: ExportLoadConnection, _ number: Int, _ attempt: Int) {
    self.connection = connection
    self.number = number
    self.attempt = attempt
  }

  func receive(head: HTTPResponse) {}
  func receive(body: ByteBuffer) {}

  func receiveEnd(trailers: HTTPFields?) {
    let field = { (name: String) in HTTPField.Name(name).flatMap { trailers?[$0] } }
    let code = field("grpc-status") ?? "no status"
    let details = field("grpc-status-details-bin").flatMap { Data(base64Encoded: $0.padded) }
    let delay = details.flatMap { GoogleRPCStatus(protobuf: [UInt8]($0)) }?.details.retryDelay
    if code == "14", let delay { return connection.refused(number, attempt, delay) }
    if code == "4" { return connection.refused(number, attempt, .zero) }
    connection.ended { [number] result in
      switch code {
      case "0": result.acknowledged.append(number)
      default: result.others["grpc-status \(code): \(field("grpc-message") ?? "")", default: 0] += 1
      }
    }
  }

  func fail(_ error: TransportError) {
    connection.ended { result in
      if error.code == .reset(.refusedStream) {
        result.refusedStreams += 1
      } else {
        result.others[error.message, default: 0] += 1
      }
    }
  }
}

extension String {
  /// gRPC leaves the padding of base64 away.
  fileprivate var padded: String { self + String(repeating: "=", count: (4 - count % 4) % 4) }
}
