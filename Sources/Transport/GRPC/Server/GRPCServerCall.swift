// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes
internal import NIOCore
internal import Synchronization

/// One call of a ``GRPCServer``, from its head to its status. Confined to its event loop, but for what is constant or
/// atomic; that is why it may be sent.
final class GRPCServerCall: BodyReceiver, @unchecked Sendable {
  let eventLoop: any EventLoop
  /// The client gave up, or its time is over.
  let isCancelled = Atomic(false)
  let request: GRPCRequest
  let server: GRPCServer
  private let response: any ResponseSender
  private let contentType: String
  /// The client accepts gzip, and responses from here on are compressed.
  private let compressedFromBytes: Int?
  private let onEnd: (@Sendable () -> Void)?

  /// The handler's, cancelled with the call.
  var task: Task<Void, Never>?
  var trailingMetadata = GRPCMetadata()
  private var counter: GRPCCounters.Method?
  private var input: GRPCServerInput?
  private var deadline: Scheduled<Void>?
  /// Runs while a message is incomplete.
  private var messageTimer: Scheduled<Void>?
  private var writers: [CheckedContinuation<Result<Void, GRPCStatus>, Never>] = []
  private var isHeadSent = false
  /// Nil while under way.
  private var ended: GRPCStatus?

  init(
    _ server: GRPCServer, _ request: GRPCRequest, _ encoding: GRPCEncoding, _ onEnd: (@Sendable () -> Void)?,
    _ response: any ResponseSender
  ) {
    self.server = server
    self.request = request
    self.response = response
    self.onEnd = onEnd
    eventLoop = response.eventLoop
    contentType = GRPCContentType.answer(to: request.metadata.fields[.contentType])
    let acceptsGzip = GRPCEncoding.gzip.isAccepted(request.metadata.fields[.grpcAcceptEncoding])
    compressedFromBytes = acceptsGzip ? server.limits.compressedFromBytes : nil
    input = GRPCServerInput(server, encoding)
  }

  /// Starts the clock, and a streaming handler.
  func start(_ method: GRPCMethod, _ counter: GRPCCounters.Method) {
    self.counter = counter
    if let timeout = request.timeout {
      deadline = eventLoop.scheduleTask(in: TimeAmount(timeout)) {
        self.cancel(GRPCStatus(.deadlineExceeded, "the call took longer than \(timeout)"))
      }
    }
    switch method.kind {
    case .unary(let handler): input?.consumer = .unary(handler)
    case .streaming(let handler):
      let queue = GRPCMessageQueue(
        queuedBytesMax: server.limits.queuedBytesMax,
        resume: { self.eventLoop.execute { self.consumeHeld() } },
        release: { [reservation = input?.reservation] in reservation?.shrink($0) })
      input?.consumer = .stream(queue)
      task = Task { await self.run(handler, queue) }
    }
  }

  private func run(
    _ handler: @Sendable (GRPCRequest, GRPCMessages, GRPCWriter) async throws -> Void, _ queue: GRPCMessageQueue
  ) async {
    var status = GRPCStatus.ok
    do {
      try await handler(request, GRPCMessages(queue: queue), GRPCWriter(call: self))
    } catch {
      status = GRPCStatus(handlerError: error)
    }
    queue.finish(GRPCStatus(.cancelled, "the method has returned"), dropsQueued: true)
    eventLoop.execute { [status] in
      self.end(status)
      self.input?.reservation.releaseAll()
    }
  }

  // MARK: What comes

  func receive(body: ByteBuffer) {
    guard ended == nil, var input else { return response.consumed(body.readableBytes) }
    // Taken out meanwhile, so that its buffers are not copied.
    self.input = nil
    input.held += body.readableBytes
    let outcome = input.receive(body)
    self.input = input
    watchMessage(isIncomplete: input.isInMessage)
    switch outcome {
    case .success(isPaused: true): break
    case .success(isPaused: false): consumeHeld()
    case .failure(let status): end(status)
    }
  }

  /// Most messages come whole: they need no timer.
  private func watchMessage(isIncomplete: Bool) {
    guard isIncomplete else {
      messageTimer?.cancel()
      messageTimer = nil
      return
    }
    guard messageTimer == nil else { return }
    let limit = server.limits.messageTimeout
    messageTimer = eventLoop.scheduleTask(in: TimeAmount(limit)) {
      self.server.counters.count(.messageTimeout)
      self.cancel(GRPCStatus(.deadlineExceeded, "a message did not come within \(limit)"))
    }
  }

  func receiveEnd(trailers: HTTPFields?) {
    guard ended == nil, let reservation = input?.reservation, let outcome = input?.end() else { return }
    switch outcome {
    case .failure(let status): end(status)
    case .success(nil): break
    case .success(let unary?): unary.handler(unary.message, request, GRPCReply(self, reservation))
    }
  }

  func fail(_ error: TransportError) {
    cancel(GRPCStatus(.cancelled, "the client gave the call up: \(error.message)"))
  }

  func becameWritable() {
    guard !writers.isEmpty else { return }
    let resumed = writers
    writers = []
    for writer in resumed { writer.resume(returning: .success(())) }
  }

  private func consumeHeld() {
    guard let held = input?.held, held > 0 else { return }
    input?.held = 0
    response.consumed(held)
  }

  // MARK: What is answered

  /// From any thread.
  func encoding(for message: ByteBuffer) -> GRPCEncoding {
    guard let compressedFromBytes, message.readableBytes >= compressedFromBytes else { return .identity }
    return .gzip
  }

  func sendHead(_ metadata: GRPCMetadata = GRPCMetadata()) {
    guard !isHeadSent, ended == nil else { return }
    isHeadSent = true
    let encoding: GRPCEncoding = compressedFromBytes == nil ? .identity : .gzip
    response.send(head: GRPCResponseHead.head(contentType, encoding: encoding, metadata))
  }

  func write(_ frame: ByteBuffer, _ writer: CheckedContinuation<Result<Void, GRPCStatus>, Never>) {
    if let ended { return writer.resume(returning: .failure(ended)) }
    sendHead()
    response.send(body: frame)
    if response.isWritable { return writer.resume(returning: .success(())) }
    writers.append(writer)
  }

  /// Ends a unary call.
  func answer(_ result: Result<GRPCResponse, GRPCStatus>) {
    guard ended == nil else { return }
    do throws(GRPCStatus) {
      let answer = try result.get()
      let frame = try GRPCFrameWriter.frame(answer.message, encoding(for: answer.message))
      sendHead(answer.initialMetadata)
      response.send(body: frame)
      trailingMetadata = answer.trailingMetadata
      end(.ok)
    } catch {
      end(error)
    }
  }

  /// Ends the call before its handler has.
  private func cancel(_ status: GRPCStatus) {
    isCancelled.store(true, ordering: .relaxed)
    end(status)
    task?.cancel()
  }

  /// Sends the status, unless the call has one.
  private func end(_ status: GRPCStatus) {
    guard ended == nil else { return }
    sendHead()
    ended = status
    var trailers = status.trailers
    trailingMetadata.append(to: &trailers)
    response.sendEnd(trailers: trailers)
    deadline?.cancel()
    deadline = nil
    watchMessage(isIncomplete: false)
    input?.abandon(status)
    consumeHeld()
    if status.code != .ok { task?.cancel() }
    let waiting = writers
    writers = []
    for writer in waiting { writer.resume(returning: .failure(status)) }
    counter?.count(status.code)
    server.counters.end()
    onEnd?()
  }
}
