// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization
import Transport

/// Above a TLS handler: remembers what came of it, and does what a test wants done.
final class Witness: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  struct Seen {
    var session: TLSSession?
    var received = ByteBuffer()
    var errors: [TransportError] = []
    var otherErrors: [any Error] = []
    var inputClosed = false
    var isInactive = false
  }

  /// What is done with what arrives.
  enum Behaviour: Sendable {
    case remember
    /// Sent back as it comes; when one half has ended, a word and the end of the other.
    case echo
    /// Sent back; and once that many bytes have come, the connection is closed.
    case echoThenClose(byteCount: Int)
  }

  let behaviour: Behaviour
  private let seen = Mutex(Seen())

  init(_ behaviour: Behaviour = .remember) {
    self.behaviour = behaviour
  }

  var session: TLSSession? { seen.withLock { $0.session } }
  var received: ByteBuffer { seen.withLock { $0.received } }
  var receivedCount: Int { seen.withLock { $0.received.readableBytes } }
  var errors: [TransportError] { seen.withLock { $0.errors } }
  var otherErrors: [any Error] { seen.withLock { $0.otherErrors } }
  var inputClosed: Bool { seen.withLock { $0.inputClosed } }
  var isInactive: Bool { seen.withLock { $0.isInactive } }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    seen.withLock { seen in
      if let completed = event as? TLSHandshakeCompleted { seen.session = completed.session }
      if case ChannelEvent.inputClosed = event { seen.inputClosed = true }
    }
    if case ChannelEvent.inputClosed = event, case .echo = behaviour {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "bye")), promise: nil)
      context.close(promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let bytes = unwrapInboundIn(data)
    let count = seen.withLock { seen in
      seen.received.writeImmutableBuffer(bytes)
      return seen.received.readableBytes
    }
    switch behaviour {
    case .remember:
      break
    case .echo:
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    case .echoThenClose(let byteCount):
      context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
      if count >= byteCount { context.close(promise: nil) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    seen.withLock { seen in
      if let error = error as? TransportError { seen.errors.append(error) } else { seen.otherErrors.append(error) }
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    seen.withLock { $0.isInactive = true }
  }
}
