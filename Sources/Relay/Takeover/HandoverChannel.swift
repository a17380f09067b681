// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The connection between a relay and its successor, on the loop of either. Used on the loop's thread only.
final class HandoverChannel {
  /// Called with every message; nil when the other end has gone, after which nothing comes any more.
  typealias Receiver = ([HandoverItem]?) -> Void

  let socket: HandoverSocket
  private let loop: EventLoop
  private let receiver: Receiver
  private var queue: [HandoverItem] = []
  /// Descriptors of the queue that are closed once they are sent.
  private var given: Set<Int32> = []
  private var retry: EventLoop.Timer?
  private var isOpen = true

  /// Everything that is queued has been sent.
  var isFlushed: Bool { queue.isEmpty }

  init(_ socket: HandoverSocket, _ loop: EventLoop, _ receiver: @escaping Receiver) throws(RelayError) {
    self.socket = socket
    self.loop = loop
    self.receiver = receiver
    try loop.add(socket.raw, .read) { [weak self] _ in self?.receive() }
  }

  deinit { close() }

  /// Sends as fast as the other end reads.
  ///
  /// - Parameter giving: closes our copies of the descriptors once they are sent, or cannot be.
  func send(_ items: [HandoverItem], giving: Bool = false) {
    if giving { given.formUnion(items.map(\.descriptor).filter { $0 >= 0 }) }
    queue += items
    flush()
  }

  /// Ends the connection; the other end notices.
  func close() {
    guard isOpen else { return }
    isOpen = false
    retry?.cancel()
    loop.remove(socket.raw)
    shutdown(socket.raw, Int32(SHUT_RDWR))
    closeGiven(queue[...])
    queue = []
  }

  /// Stops reading and leaves the connection to whoever has a copy of it.
  func leave() {
    guard isOpen else { return }
    isOpen = false
    loop.remove(socket.raw)
  }

  private func flush() {
    guard isOpen, retry == nil else { return }
    do {
      while !queue.isEmpty {
        let batch = queue.prefix(HandoverSocket.batch)
        guard try socket.send(batch) else {
          retryLater()
          return
        }
        closeGiven(batch)
        queue.removeFirst(batch.count)
      }
    } catch {
      end()
    }
  }

  /// A timer and not EPOLLOUT: the bound on descriptors under way has no event.
  private func retryLater() {
    retry = loop.schedule(after: .milliseconds(1)) { [weak self] in
      self?.retry = nil
      self?.flush()
    }
  }

  private func closeGiven(_ items: ArraySlice<HandoverItem>) {
    for item in items where given.remove(item.descriptor) != nil { Glibc.close(item.descriptor) }
  }

  private func receive() {
    while isOpen {
      switch socket.receive() {
      case .items(let items): receiver(items)
      case .nothing: return
      case .ended: end()
      }
    }
  }

  private func end() {
    guard isOpen else { return }
    close()
    receiver(nil)
  }
}
