// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// The part of a request that the kernel has begun and leaves to the relay: the rest of its body, its response or what
/// is left of it, or both.
///
/// The kernel may carry the other half at the same time. By the core's two functions, whoever ends the response counts it,
/// and whoever ends the exchange wholly gives the slot back.
final class SteeredExchange: ClientWork {
  private let client: Client
  private let shared: UnsafeMutablePointer<swerve_client>
  private var connection: PoolConnection
  private var request = BodyFraming()
  private var carriesRequest = false
  private var response: ResponseReader?
  /// The endpoint takes no more of the request.
  private var isDiscarding = false
  private var isOver = false
  /// What is sent again in place of the present response.
  private var again: (request: KeptRequest, retry: Retry)?

  var wantsClientBytes: Bool { carriesRequest && !request.isDone }
  var hasRoom: Bool { !connection.hasUnsent }
  private var isHead: Bool { connection.slot.pointee.method == UInt32(SWERVE_HTTP1_HEAD.rawValue) }

  init(_ client: Client, _ shared: UnsafeMutablePointer<swerve_client>, _ connection: PoolConnection) {
    self.client = client
    self.shared = shared
    self.connection = connection
    connection.state = .carrying(self)
  }

  // MARK: The request

  /// The client has been handed over in the middle of its body: what comes from it now is the rest.
  func takeRequest() {
    guard !carriesRequest else { return }
    carriesRequest = true
    request = BodyFraming(shared.pointee.request)
    if request.isDone { endRequest() }
  }

  func clientSent(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let size = request.advance(bytes) else {
      breakOff(.malformedRequest, hasRest: true)
      return bytes.count
    }
    if !isDiscarding, !connection.send(bytes.part(0..<size)) { isDiscarding = true }
    if request.isDone, !connection.hasUnsent { endRequest() }
    return size
  }

  func connectionFlushed() {
    if connection.outputIsBroken { isDiscarding = true }
    if carriesRequest, request.isDone { endRequest() }
    if !isOver { client.updateReading() }
  }

  func clientEnded() {
    if carriesRequest && !request.isDone { client.destroy(reset: true) }
  }

  /// Not before the last byte is out of our hands: the slot may be somebody else's right afterwards.
  private func endRequest() {
    guard carriesRequest, !isOver else { return }
    carriesRequest = false
    let ended = Ended.request(of: shared)
    if ended == .half {
      // The kernel carries the response, and gives the slot back at its end without a word to us.
      if response == nil { detach() }
      return
    }
    // The kernel has carried the response to its end.
    finish(givesBack: ended == .wholly, reusable: true)
  }

  // MARK: The response

  /// The kernel leaves the response, or its rest, to us.
  func takeResponse() {
    guard response == nil else { return }
    var reader = ResponseReader(steered: connection.slot.pointee)
    reader.willForwardUnsteerable = { [unowned client] in client.demote() }
    reader.isUnwanted = { [unowned self] status in triesAgain(status) }
    response = reader
  }

  func connectionReceived(_ bytes: UnsafeRawBufferPointer) {
    takeResponse()
    guard var reader = response else { return }
    reader.requestIsOpen = swerve_native_load64(&shared.pointee.state) & UInt64(SWERVE_CLIENT_REQUEST.rawValue) != 0
    var ended = Ended.half
    let progress = reader.take(bytes) { part, end in
      // Before the client can have all of it and ask for more.
      if let end { ended = endResponse(end.status) }
      client.send(part)
    }
    response = reader
    if isOver { return }
    if let again, reader.isDiscarded { return sendAgain(again.request, again.retry, progress) }
    switch progress {
    case .more: connection.setReading(!client.hasUnsent)
    case .done(let hasSurplus):
      // Without a body the last bytes were those of the head.
      responseEnded(ended, reusable: !hasSurplus && reader.keepsConnection)
    case .tunnel, .malformed: breakOff(.malformedResponse, hasRest: false)
    }
  }

  /// Whether the request is sent once more, as the policy says of a response of this status. True begins the retry.
  private func triesAgain(_ status: UInt32) -> Bool {
    let relay = client.relay
    var retry = Retry(relay.selection.policy(of: client.service)?.requests)
    guard !carriesRequest, retry.wants(.responded(status)), let kept = KeptRequest(connection, relay.records),
      retry.begin(relay, service: client.service)
    else { return false }
    again = (kept, retry)
    return true
  }

  /// Ends the response, which the client gets nothing of, and begins a request of the relay's own.
  private func sendAgain(_ request: KeptRequest, _ retry: Retry, _ progress: ResponseReader.Progress) {
    isOver = true
    // First: what the client sends from here on comes behind that request.
    swerve_native_take_over(shared)
    let ended = endResponse(response?.status ?? 0)
    var isReusable = false
    if case .done(let hasSurplus) = progress, !hasSurplus { isReusable = response?.keepsConnection == true }
    letGo(givesBack: ended == .wholly, reusable: isReusable)
    Exchange.again(client, request, retry)
  }

  private func endResponse(_ status: UInt32) -> Ended {
    connection.slot.pointee.status = status
    let ended = Ended.response(of: shared)
    if ended != .already { connection.pool.count(connection, status: status) }
    return ended
  }

  private func responseEnded(_ ended: Ended, reusable: Bool) {
    let closes = response?.closesClient == true
    if ended == .half {
      // The request goes on, in the kernel or here. A connection that is at its end cannot take the rest of it.
      guard reusable else { return endBoth() }
      response = nil
      if !carriesRequest { detach() }
      return
    }
    finish(givesBack: ended == .wholly, reusable: reusable, closes: closes)
  }

  /// The response is over and the request will never be.
  private func endBoth() {
    isDiscarding = true
    let ended = Ended.request(of: shared)
    finish(givesBack: ended == .wholly, reusable: false, closes: true)
  }

  /// Leaves the rest to the kernel.
  private func detach() {
    isOver = true
    connection.state = .pooled
    client.ended(self, closes: false)
    client.relay.moveIfAsked(connection)
  }

  func clientFlushed() {
    if !isOver { connection.setReading(true) }
  }

  func connectionEnded(reset: Bool) {
    if !reset, let response, response.endsWithConnection {
      return responseEnded(endResponse(response.status), reusable: false)
    }
    breakOff(reset ? .upstreamReset : .connectionTermination, hasRest: carriesRequest && !request.isDone)
  }

  // MARK: Ending

  func timeOut() {
    breakOff(.requestTimeout, hasRest: carriesRequest && !request.isDone)
  }

  func abandon() {
    isOver = true
    endHalves(status: abandoned)
    connection.pool.remove(connection, reset: true)
  }

  private func breakOff(_ answer: LocalAnswer, hasRest: Bool) {
    if isOver { return }
    isOver = true
    let isAnswered = response?.isForwarding ?? kernelHasAnswered
    let isHead = isHead
    endHalves(status: answer.isEndpointsFault ? 0 : abandoned)
    connection.pool.remove(connection, reset: true)
    if isAnswered { client.destroy(reset: true) } else { client.fail(answer, isHead: isHead, hasRest: hasRest) }
  }

  private var kernelHasAnswered: Bool {
    swerve_native_load32(&connection.slot.pointee.stage) == UInt32(SWERVE_STAGE_BODY.rawValue)
      || connection.slot.pointee.status != 0
  }

  /// Ends both halves without a complete response.
  private func endHalves(status: UInt32) {
    _ = swerve_native_and64(&connection.pool.warm.pointee.live, ~(1 << UInt64(connection.bit)))
    let response = Ended.response(of: shared)
    if response != .already { connection.pool.count(connection, status: status) }
    if response == .wholly || Ended.request(of: shared) == .wholly { connection.pool.giveBackSlot(connection) }
  }

  /// The exchange is over on all sides.
  private func finish(givesBack: Bool, reusable: Bool, closes: Bool = false) {
    isOver = true
    letGo(givesBack: givesBack, reusable: reusable)
    client.ended(self, closes: closes || (wantsClientBytes))
  }

  /// Gives the connection to whoever comes next, or closes it.
  private func letGo(givesBack: Bool, reusable: Bool) {
    let pool = connection.pool
    if reusable && !isDiscarding && givesBack {
      pool.takeBack(connection)
    } else {
      _ = swerve_native_and64(&pool.warm.pointee.live, ~(1 << UInt64(connection.bit)))
      if givesBack { pool.giveBackSlot(connection) }
      pool.remove(connection, reset: false)
    }
  }
}
