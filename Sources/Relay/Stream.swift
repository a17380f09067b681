// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A connected, non-blocking TCP socket on the loop: what clients and pool connections have in common.
///
/// Reads go to the relay's one scratch buffer and on to the other side in the same call; only what that side does not
/// take at once is kept, in its outbox. Whoever fills an outbox stops reading until it is empty, so that it never holds
/// more than one read and a head.
class Stream {
  unowned let relay: Relay
  let descriptor: Int32
  private(set) var isOpen = true
  private var outbox = ByteQueue()
  private var isWatched = false
  private var interest: EventLoop.Events = []
  private var wantsInput = true
  /// Nothing more will come.
  private(set) var inputHasEnded = false
  private var endsOutput = false
  private(set) var outputHasEnded = false
  /// A send has failed: what the other end sent before may still be read.
  private(set) var outputIsBroken = false

  init(relay: Relay, descriptor: Int32) {
    self.relay = relay
    self.descriptor = descriptor
  }

  // MARK: What happens to it

  /// Asked before each read: whether to do it.
  func mayRead() -> Bool { true }
  /// The bytes are valid during the call.
  func received(_ bytes: UnsafeRawBufferPointer) {}
  /// The other end has sent its last byte.
  func inputEnded() {}
  /// Reset, or otherwise of no use any more.
  func failed() {}
  /// What could not be sent at once has been sent, or never will be: see `outputIsBroken`.
  func flushed() {}
  /// Bytes are about to be sent, now or later.
  func willSend(_ size: Int) {}

  // MARK: Output

  /// Whether sent bytes are still here: then the source of more is not to be read.
  var hasUnsent: Bool { !outbox.isEmpty }

  /// Sends the bytes, as many as possible at once. False when the socket takes no more, ever; reading tells why.
  @discardableResult
  func send(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard isOpen, !outputHasEnded, !outputIsBroken else { return false }
    willSend(bytes.count)
    var rest = bytes
    if outbox.isEmpty {
      guard let sent = write(bytes) else { return false }
      rest = bytes.from(sent)
    }
    outbox.append(rest)
    if !rest.isEmpty { watch() }
    return true
  }

  /// Ends our side once everything is sent.
  func endOutput() {
    endsOutput = true
    if outbox.isEmpty { shutdownOutput() }
  }

  private func shutdownOutput() {
    guard isOpen, !outputHasEnded else { return }
    outputHasEnded = true
    shutdown(descriptor, Int32(SHUT_WR))
  }

  /// Nil when the socket takes no more.
  private func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
    while true {
      let size = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if size >= 0 { return size }
      if errno == EAGAIN { return 0 }
      if errno == EINTR { continue }
      outputIsBroken = true
      return nil
    }
  }

  private func flush() {
    let sent = outbox.withBytes { write($0) }
    if let sent { outbox.removeFirst(sent) } else { outbox.removeAll() }
    guard outbox.isEmpty else { return }
    if endsOutput { shutdownOutput() }
    watch()
    flushed()
  }

  // MARK: Input

  /// Lets bytes come, or stay in the kernel where they hold up their sender.
  func setReading(_ wanted: Bool) {
    guard wanted != wantsInput else { return }
    wantsInput = wanted
    watch()
  }

  private func read() {
    guard mayRead(), isOpen else { return }
    let scratch = relay.scratch
    let size = recv(descriptor, scratch.baseAddress, scratch.count, 0)
    if size > 0 {
      received(UnsafeRawBufferPointer(rebasing: scratch[..<size]))
    } else if size == 0 {
      inputHasEnded = true
      watch()
      inputEnded()
    } else if errno != EAGAIN && errno != EINTR {
      failed()
    }
  }

  // MARK: The loop

  /// Begins or changes what is waited for.
  func watch() {
    guard isOpen else { return }
    var wanted: EventLoop.Events = []
    if wantsInput && !inputHasEnded { wanted.insert(.read) }
    if !outbox.isEmpty || waitsForConnect { wanted.insert(.write) }
    if isWatched {
      guard wanted != interest else { return }
      relay.loop.modify(descriptor, wanted)
    } else {
      do { try relay.loop.add(descriptor, wanted) { [self] in handle($0) } } catch {
        // The kernel has no memory for it. Its owner finds out from the timer, not within this call.
        relay.loop.schedule(after: .zero) { [self] in if isOpen { failed() } }
        return
      }
      isWatched = true
    }
    interest = wanted
  }

  /// Whether a connect is under way; `handle` is overridden then.
  var waitsForConnect: Bool { false }

  func handle(_ events: EventLoop.Events) {
    if events.contains(.write) { flush() }
    let isBroken = !events.isDisjoint(with: [.error, .hangup])
    guard isOpen, isBroken || events.contains(.read) else { return }
    if wantsInput && !inputHasEnded {
      read()
    } else if isBroken {
      brokeUnread()
    }
  }

  /// Broken while nobody reads. What was received before can still be read, so by default we only look away: the loop
  /// would report it again and again.
  func brokeUnread() {
    if inputHasEnded && !outputHasEnded { return failed() }
    unwatch()
  }

  final func unwatch() {
    guard isWatched else { return }
    relay.loop.remove(descriptor)
    isWatched = false
  }

  /// Gives the socket up without closing it.
  func detach() {
    guard isOpen else { return }
    unwatch()
    isOpen = false
  }

  /// Closes it; `reset` tells the other end that something was lost.
  func close(reset: Bool = false) {
    guard isOpen else { return }
    detach()
    outbox.removeAll()
    if reset { Socket.resetOnClose(descriptor) }
    Glibc.close(descriptor)
  }
}
