// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SwerveABI
internal import SwerveCore

/// A connection the relay accepted (A): the way by which everything comes that the kernel does not carry itself.
final class Client: Stream {
  enum State {
    /// Nothing under way here: a request may come, or the kernel carries them.
    case idle
    /// Pipelined behind a request whose response the kernel carries; or half-closed behind it.
    case waiting
    case working(any ClientWork)
    /// Answered for the last time: its end is waited for, so that the answer is not lost in a reset.
    case lingering
    case closed
  }

  /// Of its record; SWERVE_NONE when it has none: then the relay carries everything.
  let index: UInt32
  let record: UnsafeMutablePointer<swerve_client>?
  let service: UInt32
  /// The same for all requests of this client, for the consistent hashes.
  let hash: UInt64
  private(set) var state = State.idle
  /// Bytes ever read, to be compared with those the kernel has passed.
  private var readTotal: UInt64
  /// Whether it is the relay's for good.
  private var isDemoted = false
  /// Read, and not used yet: an unfinished head, or requests behind the present one.
  private var inbox = ByteQueue()
  private var partialHead: swerve_http1_head?
  /// Requests were answered, or begun, on this connection: it is HTTP/1.
  private var isHTTP: Bool
  private var isProcessing = false
  private var handsBackWithSend = false
  private var lingerTimer: EventLoop.Timer?
  /// How far a half-closed client has read, and since when.
  private var reading: (consumed: UInt64, since: UInt64)?

  private enum Limit {
    /// Bytes of further requests that are read ahead.
    static let inbox = 65_536
    static let linger = Duration.seconds(2)
    /// For a half-closed client to read on in its response.
    static let reading: UInt64 = 30_000_000_000
  }

  init(relay: Relay, descriptor: Int32, mark: swerve_connection, bytesRead: UInt64?) {
    var record = relay.records.client(mark.index)
    // A record that is another's by now.
    if let found = record, found.pointee.cookie == 0 { record = nil }
    self.record = record
    index = record == nil ? none : mark.index
    service = mark.service
    readTotal = bytesRead ?? 0
    isHTTP = (bytesRead ?? 0) > 0 || (record?.pointee.queued ?? 0) > 0
    hash = Client.hash(mark, record?.pointee.cookie ?? UInt64(UInt32(bitPattern: descriptor)))
    super.init(relay: relay, descriptor: descriptor)
  }

  private static func hash(_ mark: swerve_connection, _ number: UInt64) -> UInt64 {
    var address = mark.frontend.address
    return swerve_native_hash_address(&address, number, UInt64(mark.frontend.port))
  }

  var cookie: UInt64 { record?.pointee.cookie ?? 0 }

  /// Its state word: enum swerve_client_flag, and above it the bytes passed.
  private var shared: UInt64 { record.map { swerve_native_load64(&$0.pointee.state) } ?? 0 }

  private func has(_ flag: swerve_client_flag, _ state: UInt64) -> Bool { state & UInt64(flag.rawValue) != 0 }

  // MARK: From the client

  /// Bytes may be taken when the kernel has let go of the client; its flags then say what they are.
  override func mayRead() -> Bool {
    guard let record, !isOurs else { return true }
    var flags = shared
    if has(SWERVE_CLIENT_KERNEL, flags) {
      switch Socket.peek(descriptor) {
      case .nothing: return false
      case .end: return true
      case .bytes: break
      }
      // Bytes come after the flag has gone. Should they not, then what we carry is not steered as well.
      flags = shared
      if has(SWERVE_CLIENT_KERNEL, flags) { swerve_native_take_over(record) }
      flags = shared
    }
    if has(SWERVE_CLIENT_REQUEST, flags) { return takeRequest(record) }
    if has(SWERVE_CLIENT_RESPONSE, flags), case .idle = state {
      wait()
      return false
    }
    return true
  }

  /// Whether an exchange of the relay is under way, or none at all may be.
  private var isOurs: Bool {
    switch state {
    case .idle: false
    case .working(let work): !(work is SteeredExchange) || work.wantsClientBytes
    case .waiting, .lingering, .closed: true
    }
  }

  override func received(_ bytes: UnsafeRawBufferPointer) {
    readTotal += UInt64(bytes.count)
    switch state {
    case .lingering, .closed: return
    case .idle, .waiting, .working: break
    }
    if inbox.isEmpty && !isProcessing {
      let used = process(bytes)
      inbox.append(bytes.from(min(used, bytes.count)))
    } else {
      inbox.append(bytes)
      processInbox()
    }
    if isOpen { settle() }
  }

  private func processInbox() {
    guard !isProcessing, !inbox.isEmpty else { return }
    var taken = inbox
    inbox = ByteQueue()
    let used = taken.withBytes { process($0) }
    taken.removeFirst(used)
    inbox = taken
  }

  /// Uses as many of the bytes as can be used now. Returns how many that were.
  private func process(_ bytes: UnsafeRawBufferPointer) -> Int {
    isProcessing = true
    defer { isProcessing = false }
    var offset = 0
    while offset < bytes.count {
      let rest = bytes.from(offset)
      switch state {
      case .idle:
        // A client that does not read its responses gets no further ones.
        if hasUnsent { return offset }
        let used = begin(rest)
        // A tunnel has begun with these bytes, and takes them itself.
        if used == 0, case .idle = state { return offset }
        offset += used
      case .working(let work):
        guard work.wantsClientBytes else { return offset }
        offset += work.clientSent(rest)
      case .waiting: return offset
      case .lingering, .closed: return bytes.count
      }
    }
    return offset
  }

  /// A request, or another protocol. Returns how many bytes were used; 0 for too few of them.
  private func begin(_ bytes: UnsafeRawBufferPointer) -> Int {
    var head = swerve_http1_head()
    if let partialHead { head = partialHead } else { swerve_native_http1_begin(0, &head) }
    let result = swerve_native_http1_parse_request(bytes.octets, UInt32(bytes.count), UInt32(headBytesMax), &head)
    partialHead = nil
    switch result {
    case SWERVE_HTTP1_COMPLETE:
      isHTTP = true
      return Exchange.begin(self, head, bytes)
    case SWERVE_HTTP1_INCOMPLETE:
      partialHead = head
      return 0
    case SWERVE_HTTP1_NOT_HTTP where !isHTTP:
      Tunnel.begin(self)
      return 0
    default:
      refuse(.malformedRequest)
      return bytes.count
    }
  }

  override func inputEnded() {
    // Not half-closed, but closed by its application: nobody waits for what is under way.
    if has(SWERVE_CLIENT_GONE, shared) { return destroy() }
    switch state {
    case .idle:
      let flags = shared
      // Half a body helps nobody.
      if has(SWERVE_CLIENT_REQUEST, flags) { return destroy(reset: true) }
      if has(SWERVE_CLIENT_RESPONSE, flags) || isReading { return wait() }
      if hasUnsent { closeGracefully() } else { destroy() }
    case .working(let work): work.clientEnded()
    case .lingering: if !hasUnsent { destroy() }
    case .waiting, .closed: break
    }
  }

  override func failed() { destroy() }

  override func brokeUnread() {
    // Both sides have ended in order.
    if inputHasEnded && outputHasEnded { unwatch() } else { destroy() }
  }

  /// Reads when there is somebody for what would be read.
  func updateReading() {
    switch state {
    case .idle: setReading(!hasUnsent)
    case .working(let work): setReading(work.wantsClientBytes ? work.hasRoom : inbox.count < Limit.inbox)
    case .waiting: setReading(false)
    case .lingering: setReading(true)
    case .closed: break
    }
  }

  // MARK: To the client

  override func willSend(_ size: Int) {
    // Before it can be read: the kernel compares this with what was.
    if let record { _ = swerve_native_add64(&record.pointee.queued, UInt64(size)) }
    if handsBackWithSend, !isProcessing { handBack() }
  }

  /// Sends the end of a response, behind which the kernel may steer again. Left for afterwards, a client that the last
  /// byte wakes on our processor has sent its next request first, every time, and never leaves the relay.
  func sendLast(_ bytes: UnsafeRawBufferPointer) {
    handsBackWithSend = true
    send(bytes)
    handsBackWithSend = false
  }

  override func flushed() {
    if outputIsBroken { return destroy() }
    switch state {
    case .working(let work): work.clientFlushed()
    case .lingering: return inputHasEnded ? destroy() : linger()
    case .idle: return resume()
    case .waiting, .closed: break
    }
    updateReading()
  }

  /// Answers in the endpoint's place. `hasRest`: bytes of the request are still to come, so that the next one could not
  /// be told from them.
  func fail(_ answer: LocalAnswer, isHead: Bool, hasRest: Bool) {
    guard isOpen else { return }
    relay.logger.debug("answered by the relay", metadata: ["reason": "\(answer.reason)"])
    self.answer(answer.message(toHead: isHead, closes: hasRest), closes: hasRest)
  }

  /// Sends a whole response of our own. `closes`: no other may follow.
  func answer(_ message: [UInt8], closes: Bool) {
    guard isOpen else { return }
    message.withUnsafeBytes { _ = send($0) }
    ended(nil, closes: closes)
  }

  /// Answers what is no request.
  func refuse(_ answer: LocalAnswer) {
    fail(answer, isHead: false, hasRest: true)
  }

  // MARK: Work

  func begin(_ work: any ClientWork) {
    state = .working(work)
  }

  /// Goes on with what was read ahead, once another work has begun or the last one ended.
  func resume() {
    processInbox()
    if isOpen { settle() }
  }

  /// The exchange is over. `closes`: no other may follow.
  func ended(_ work: (any ClientWork)?, closes: Bool) {
    guard isOpen else { return }
    state = .idle
    // The kernel still carries a response, behind which the next one belongs.
    if !closes, isAwaitingKernel { return wait() }
    setReading(true)
    if closes { return closeGracefully() }
    // Within `process` this goes on by itself.
    if isProcessing { return }
    processInbox()
    if isOpen { settle() }
  }

  /// After everything that happened: what follows when nothing is under way and nothing is left to do.
  private func settle() {
    updateReading()
    guard case .idle = state, !hasUnsent else { return }
    // What is left of a half-closed client's bytes is no request.
    if inputHasEnded { return inputEnded() }
    if relay.isDraining && inbox.isEmpty { return closeGracefully() }
    handBack()
    relay.moveIfAsked(self)
  }

  /// Lets the kernel steer again, if all it ever passed was read.
  private func handBack() {
    guard let record, !isDemoted, inbox.isEmpty, relay.records.isAccelerated, !relay.isDraining else { return }
    _ = swerve_native_hand_back(record, readTotal)
  }

  /// Keeps the client for good. Its socket leaves the kernel's map and is an ordinary one from then on: in the map, what
  /// comes to it by TCP is delivered but neither announced (FIONREAD) nor given to splice(2).
  ///
  /// Only while nothing that was redirected to it is unread, for that would be lost.
  func demote() {
    guard let record, !isDemoted,
      swerve_native_load64(&record.pointee.queued) == swerve_native_load64(&record.pointee.consumed)
    else { return }
    isDemoted = true
    swerve_native_take_over(record)
    relay.records.removeClientSocket(cookie: cookie)
  }

  /// The endpoint the kernel has selected for a request that it leaves to the relay, and has admitted: whoever takes it has
  /// the admission. Nil when the relay decides.
  func takeChosenEndpoint() -> UInt32? {
    guard let record else { return nil }
    let slot = swerve_native_load32(&record.pointee.slot), chosen = UInt32(SWERVE_CLIENT_CHOSEN)
    guard slot & chosen != 0, slot != none else { return nil }
    swerve_native_store32(&record.pointee.slot, none)
    return slot & ~chosen
  }

  // MARK: What the kernel has begun

  /// The client was handed over in the middle of a request's body. False when there is nobody to send the rest to.
  private func takeRequest(_ record: UnsafeMutablePointer<swerve_client>) -> Bool {
    guard let exchange = steeredExchange(record) else {
      destroy(reset: true)
      return false
    }
    exchange.takeRequest()
    return isOpen
  }

  /// The kernel leaves the response of a connection this client has leased.
  func takeResponse(of connection: PoolConnection) {
    guard let record, let exchange = steeredExchange(record) else { return }
    exchange.takeResponse()
  }

  /// Sends a request of this client again, which the kernel had sent to an endpoint. False when that is not to be done.
  func sendAgain(_ kept: KeptRequest, _ outcome: Retry.Outcome) -> Bool {
    switch state {
    case .idle, .waiting: break
    case .working, .lingering, .closed: return false
    }
    var retry = Retry(relay.selection.policy(of: service)?.requests)
    guard retry.wants(outcome), retry.begin(relay, service: service) else { return false }
    Exchange.again(self, kept, retry)
    return true
  }

  private func steeredExchange(_ record: UnsafeMutablePointer<swerve_client>) -> SteeredExchange? {
    if case .working(let work) = state { return work as? SteeredExchange }
    guard let connection = relay.connection(slot: swerve_native_load32(&record.pointee.slot)),
      case .pooled = connection.state
    else { return nil }
    let exchange = SteeredExchange(self, record, connection)
    state = .working(exchange)
    return exchange
  }

  private func wait() {
    state = .waiting
    setReading(false)
    relay.awaitsKernel(self)
  }

  /// Whether the kernel has a response under way for a client that is ours otherwise.
  private var isAwaitingKernel: Bool {
    let flags = shared
    return has(SWERVE_CLIENT_RESPONSE, flags) && !has(SWERVE_CLIENT_KERNEL, flags)
  }

  /// Looks, every millisecond, whether the kernel has carried the response to its end.
  func lookAgain() -> Bool {
    guard case .waiting = state else { return false }
    let flags = shared
    if has(SWERVE_CLIENT_REQUEST, flags) || has(SWERVE_CLIENT_RESPONSE, flags) { return true }
    if inputHasEnded, inbox.isEmpty, isReading { return true }
    state = .idle
    resume()
    return false
  }

  /// Whether a half-closed client has yet to read what was redirected to it, which our end would overtake.
  private var isReading: Bool {
    guard let record, !has(SWERVE_CLIENT_GONE, shared) else { return false }
    let consumed = swerve_native_load64(&record.pointee.consumed)
    if consumed == swerve_native_load64(&record.pointee.queued) { return false }
    let now = Clock.now()
    if reading?.consumed != consumed { reading = (consumed, now) }
    return now < (reading?.since ?? 0) + Limit.reading
  }

  // MARK: The end

  /// Closes after everything was sent, and after the client has seen it: data that it still sends must not reset it.
  func closeGracefully() {
    guard isOpen else { return }
    state = .lingering
    inbox.removeAll()
    endOutput()
    if hasUnsent { return setReading(true) }
    if inputHasEnded { destroy() } else { linger() }
  }

  private func linger() {
    setReading(true)
    guard lingerTimer == nil else { return }
    lingerTimer = relay.loop.schedule(after: Limit.linger) { [weak self] in self?.destroy() }
  }

  /// Closes now. What is under way is abandoned; `reset` tells the client that something is missing.
  func destroy(reset: Bool = false) {
    guard isOpen else { return }
    let last = state
    state = .closed
    inbox.removeAll()
    lingerTimer?.cancel()
    // A blocking receive on a socket in the kernel's map answers a reset with EAGAIN, and an end with the end.
    close(reset: reset && (record == nil || isDemoted))
    if case .working(let work) = last { work.abandon() } else { endSteered() }
    // Its request never came, or was of no use.
    if takeChosenEndpoint() != nil { relay.withdraw(service) }
    relay.forget(self)
    // Last: the next client may have it from here on.
    if let record { swerve_native_store64(&record.pointee.cookie, 0) }
  }

  /// Ends what the kernel carries for a client that is gone.
  private func endSteered() {
    let flags = shared
    guard let record, has(SWERVE_CLIENT_REQUEST, flags) || has(SWERVE_CLIENT_RESPONSE, flags),
      let connection = relay.connection(slot: swerve_native_load32(&record.pointee.slot)),
      case .pooled = connection.state
    else { return }
    connection.pool.lost(
      connection, .connectionTermination, status: abandoned, as: nil)
  }

  // MARK: The move to a successor

  /// What a successor has to know, when nothing here is lost by moving now.
  var movable: MovedSocket? {
    guard isOpen, inbox.isEmpty, !hasUnsent, !inputHasEnded else { return nil }
    switch state {
    case .idle, .waiting: return MovedSocket(descriptor: descriptor, kind: .accepted(bytesRead: readTotal))
    case .working, .lingering, .closed: return nil
    }
  }

  /// Lets go of the socket; it stays open.
  func letGo() {
    detach()
    state = .closed
  }

  var isIdle: Bool {
    if case .idle = state { inbox.isEmpty } else { false }
  }

  /// Whether the kernel carries an exchange for it.
  var isSteered: Bool {
    let flags = shared
    return has(SWERVE_CLIENT_REQUEST, flags) || has(SWERVE_CLIENT_RESPONSE, flags)
  }

  var work: (any ClientWork)? {
    if case .working(let work) = state { work } else { nil }
  }
}
