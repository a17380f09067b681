// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOCore

/// One call of a ``GRPCClient`` over its attempts. Confined to the client's event loop, but for what is constant; that is
/// why it may be sent.
final class GRPCClientCall: @unchecked Sendable {
  struct End: Sendable {
    var status: GRPCStatus
    var trailingMetadata = GRPCMetadata()
  }

  typealias Writer = CheckedContinuation<Result<Void, GRPCStatus>, Never>

  /// The first and the one that follows a failure before the server has looked at it.
  private static let attemptsMax = 2

  let eventLoop: any EventLoop
  let initial: EventLoopPromise<Result<GRPCMetadata, GRPCStatus>>
  let ended: EventLoopPromise<End>
  let queue: GRPCMessageQueue
  let configuration: GRPCClient.Configuration
  private let http: HTTPClient
  private let request: HTTPRequest
  private let deadline: NIODeadline?

  private var attempt: GRPCClientAttempt?
  private var handle: RequestHandle?
  private var attemptCount = 0
  private var end: End?
  /// What was sent, for another attempt; nothing is added once the call is committed to this one.
  private var kept: [ByteBuffer] = []
  private var keptBytes = 0
  private var isCommitted = false
  private var isFinished = false
  private var writers: [Writer] = []

  init(_ http: HTTPClient, _ configuration: GRPCClient.Configuration, _ request: HTTPRequest, _ timeout: Duration?) {
    self.http = http
    self.configuration = configuration
    self.request = request
    deadline = timeout.map { .now() + TimeAmount($0) }
    eventLoop = http.eventLoop
    initial = eventLoop.makePromise()
    ended = eventLoop.makePromise()
    let taker = GRPCQueueTaker(eventLoop)
    queue = GRPCMessageQueue(
      queuedBytesMax: configuration.queuedBytesMax, resume: { taker.tell { $0.consumeHeld() } },
      cancel: { taker.tell { $0.cancel() } })
    taker.call = self
  }

  /// Begins with the only message there will be.
  func begin(with frame: ByteBuffer) {
    keep(frame)
    isFinished = true
    begin()
  }

  func begin() {
    guard end == nil else { return }
    attemptCount += 1
    let attempt = GRPCClientAttempt(self)
    self.attempt = attempt
    var request = request
    if let deadline {
      request.headerFields[.grpcTimeout] = GRPCTimeout.format(.nanoseconds((deadline - .now()).nanoseconds))
    }
    let handle = http.begin(request, endsHere: false, deadline: deadline) { _ in attempt }
    // It may have failed meanwhile, and another attempt begun.
    if self.attempt === attempt { self.handle = handle }
  }

  /// From any thread.
  func cancel() {
    eventLoop.execute {
      self.complete(End(status: GRPCStatus(.cancelled, "the call was cancelled")), dropsQueued: true)
    }
  }

  // MARK: What is sent

  func write(_ frame: ByteBuffer, _ writer: Writer) {
    if let end { return writer.resume(returning: .failure(end.status)) }
    guard !isFinished else {
      return writer.resume(returning: .failure(GRPCStatus(.failedPrecondition, "the call's messages are complete")))
    }
    guard let sender = attempt?.sender else {
      keep(frame)
      return writers.append(writer)
    }
    if !isCommitted { keep(frame) }
    sender.send(body: frame)
    if keptBytes > configuration.retryBytesMax { commit() }
    if sender.isWritable { return writer.resume(returning: .success(())) }
    writers.append(writer)
  }

  private func keep(_ frame: ByteBuffer) {
    kept.append(frame)
    keptBytes += frame.readableBytes
  }

  func finish() {
    guard end == nil, !isFinished else { return }
    isFinished = true
    attempt?.sender?.sendEnd(trailers: nil)
  }

  /// No other attempt follows: the response has begun, or what was sent is too much to keep.
  func commit() {
    isCommitted = true
    kept = []
    keptBytes = 0
  }

  /// The attempt is on its way: everything so far is sent.
  func begun(_ sender: any BodySender) {
    for frame in kept { sender.send(body: frame) }
    if keptBytes > configuration.retryBytesMax { commit() }
    if isFinished { sender.sendEnd(trailers: nil) }
    if sender.isWritable { becameWritable() }
  }

  func becameWritable() {
    let resumed = writers
    writers = []
    for writer in resumed { writer.resume(returning: .success(())) }
  }

  // MARK: What comes

  func failed(_ error: TransportError) {
    if error.lostItsConnection, !isCommitted, attemptCount < Self.attemptsMax {
      begin()
    } else {
      complete(End(status: GRPCStatus(error)))
    }
  }

  func consumeHeld() { attempt?.consumeHeld() }

  /// - Parameter dropsQueued: nobody takes messages any more.
  func complete(_ end: End, dropsQueued: Bool = false) {
    guard self.end == nil else { return }
    self.end = end
    commit()
    // What the other end still says or wants to hear is of no interest.
    if attempt?.isComplete == true {
      if !isFinished { attempt?.sender?.reset(.noError) }
    } else {
      handle?.cancel()
    }
    attempt?.close()
    attempt = nil
    handle = nil
    queue.finish(end.status.code == .ok ? nil : end.status, dropsQueued: dropsQueued)
    let waiting = writers
    writers = []
    for writer in waiting { writer.resume(returning: .failure(end.status)) }
    // Has no effect when they have come.
    initial.succeed(.failure(end.status))
    ended.succeed(end)
  }
}

/// Lets a queue tell its call what the task does that takes the messages, without either keeping the other.
private final class GRPCQueueTaker: @unchecked Sendable {
  private let eventLoop: any EventLoop
  /// Set once, before the queue is used.
  weak var call: GRPCClientCall?

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func tell(_ body: @escaping @Sendable (GRPCClientCall) -> Void) {
    eventLoop.execute {
      if let call = self.call { body(call) }
    }
  }
}
