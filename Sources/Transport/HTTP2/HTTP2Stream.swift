// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore

/// One exchange of a connection: what it receives goes to its receiver, and it is the sender of the other direction.
///
/// Tens of thousands may be alive: no task, no lock, no memory but this object until a body waits to be sent.
final class HTTP2Stream: ResponseSender {
  struct Flags: OptionSet {
    let rawValue: UInt16
    /// nghttp2 has the response's head, or the request's.
    static let headSubmitted = Self(rawValue: 1 << 0)
    /// The HEADERS frame is on its way to the peer.
    static let headSent = Self(rawValue: 1 << 1)
    /// `sendEnd` was called: nothing is added any more.
    static let endSubmitted = Self(rawValue: 1 << 2)
    /// A frame with END_STREAM is on its way to the peer.
    static let endSent = Self(rawValue: 1 << 3)
    /// A client has the response's final head.
    static let headReceived = Self(rawValue: 1 << 4)
    static let endReceived = Self(rawValue: 1 << 5)
    /// The receiver has heard the end or a failure.
    static let receiverDone = Self(rawValue: 1 << 6)
    /// nghttp2 waits to be told that there is more to send.
    static let deferred = Self(rawValue: 1 << 7)
    /// More than the high watermark was waiting, and not less than the low one since.
    static let congested = Self(rawValue: 1 << 8)
    /// This end has given the stream up.
    static let aborted = Self(rawValue: 1 << 9)
    /// The response has no body, whatever is sent of one: to HEAD, or of a status without (RFC 9110, section 6.4.1).
    static let bodiless = Self(rawValue: 1 << 10)
  }

  enum Receiver {
    case none
    case request(any BodyReceiver)
    case response(any ResponseReceiver)

    var body: (any BodyReceiver)? {
      switch self {
      case .none: nil
      case .request(let receiver): receiver
      case .response(let receiver): receiver
      }
    }
  }

  let id: Int32
  /// Nil once the stream is closed: then nothing has an effect.
  private(set) var session: HTTP2Session?
  var receiver = Receiver.none
  var flags: Flags = []
  var queue = BodyQueue()
  /// Not submitted until the turn's output is produced: an end right behind it makes one frame of both.
  var head: HTTPResponse?
  var trailers: HTTPFields?
  /// Why this end gave it up, for the receiver when the stream is closed.
  var failure: TransportError?
  /// Bytes received and not consumed.
  var unconsumedByteCount = 0
  let eventLoop: any EventLoop
  private let statistics: HTTP2Statistics

  init(id: Int32, session: HTTP2Session) {
    self.id = id
    self.session = session
    eventLoop = session.eventLoop
    statistics = session.statistics
    statistics.streamBegun()
  }

  deinit {
    statistics.streamGone()
  }

  var isWritable: Bool { session != nil && !flags.contains(.congested) }

  private var takesMore: Bool { flags.isDisjoint(with: [.endSubmitted, .aborted]) }

  func send(head: HTTPResponse) {
    guard let session, session.isServer, takesMore, self.head == nil, !flags.contains(.headSubmitted) else { return }
    if head.status.kind == .informational { return session.submit(informational: head, on: self) }
    self.head = head
    if head.status.code == 204 || head.status.code == 304 { flags.insert(.bodiless) }
    session.headWaits(on: self)
  }

  func send(body: ByteBuffer) {
    guard let session, takesMore, head != nil || flags.contains(.headSubmitted), body.readableBytes > 0 else { return }
    guard !flags.contains(.bodiless) else { return }
    queue.append(body)
    if queue.byteCount >= session.limits.sendQueueBytesHigh { flags.insert(.congested) }
    session.bodyWaits(on: self)
  }

  func sendEnd(trailers: HTTPFields?) {
    guard let session, takesMore else { return }
    guard head != nil || flags.contains(.headSubmitted) else { return reset(.internalError) }
    flags.insert(.endSubmitted)
    if let trailers, !trailers.isEmpty { self.trailers = trailers }
    session.bodyWaits(on: self)
  }

  func reset(_ code: HTTP2ErrorCode) {
    guard let session, !flags.contains(.aborted) else { return }
    session.abort(self, code, TransportError(.cancelled, "this end has reset stream \(id)"))
  }

  func consumed(_ byteCount: Int) {
    guard let session, byteCount > 0 else { return }
    let count = min(byteCount, unconsumedByteCount)
    unconsumedByteCount -= count
    session.consumed(count, on: self)
  }

  /// Takes what the stream holds on to apart: the sender is still in somebody's hands.
  func detach() {
    session = nil
    receiver = .none
    queue.removeAll()
    head = nil
    trailers = nil
  }

  /// True when the queue has just become shorter than the low watermark again.
  func relieved(below byteCount: Int) -> Bool {
    guard flags.contains(.congested), queue.byteCount < byteCount else { return false }
    flags.remove(.congested)
    return true
  }
}
