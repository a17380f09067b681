// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Tells HTTP/2 by prior knowledge (RFC 9113, section 3.4) from HTTP/1.1 by the first bytes of a connection. It keeps no
/// more than the preface, and gives up after a time.
final class ProtocolDetector: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  private let timeout: Duration
  private let timedOut: () -> Void
  private let detected: (HTTPVersion) -> Void
  private var bytes = ByteBuffer()
  private var timer: LazyTimer?

  /// - Parameter detected: adds what speaks the version behind this handler; called once.
  init(timeout: Duration, timedOut: @escaping () -> Void, detected: @escaping (HTTPVersion) -> Void) {
    self.timeout = timeout
    self.timedOut = timedOut
    self.detected = detected
  }

  func handlerAdded(context: ChannelHandlerContext) {
    timer = LazyTimer(context.eventLoop) { [timedOut] in timedOut() }
    timer?.arm(timeout)
  }

  func handlerRemoved(context: ChannelHandlerContext) { timer?.end() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    bytes.writeBuffer(&part)
    guard let version = Self.version(of: bytes.readableBytesView) else { return }
    timer?.end()
    detected(version)
    context.fireChannelRead(wrapInboundOut(bytes))
    context.fireChannelReadComplete()
    context.pipeline.syncOperations.removeHandler(self, promise: nil)
  }

  /// Nil: not yet known.
  static func version(of bytes: some Collection<UInt8>) -> HTTPVersion? {
    if !zip(bytes, preface).allSatisfy(==) { return .http1 }
    return bytes.count >= preface.count ? .http2 : nil
  }
}
