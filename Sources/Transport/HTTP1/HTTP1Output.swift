// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// When what was written is flushed: at once, with what follows in the same turn of the event loop, or, while input is
/// being read, behind all of it.
///
/// What is not flushed does not count for the channel's writability when TLS holds it, and so it is never much.
final class HTTP1Output {
  private static let unflushedBytesMax = 64 << 10

  private let context: ChannelHandlerContext
  private var unflushedBytes = 0
  private var needsFlush = false
  private var isScheduled = false
  /// Input is being read.
  private var isInRead = false

  init(_ context: ChannelHandlerContext) { self.context = context }

  var isWritable: Bool { context.channel.isWritable }

  /// - Parameter waits: more is likely to follow in this turn.
  func write(_ data: NIOAny, byteCount: Int, waits: Bool, promise: EventLoopPromise<Void>? = nil) {
    context.write(data, promise: promise)
    needsFlush = true
    unflushedBytes += byteCount
    if unflushedBytes > Self.unflushedBytesMax {
      flush()
    } else if !isInRead {
      if waits { schedule() } else { flush() }
    }
  }

  func flush() {
    guard needsFlush else { return }
    needsFlush = false
    unflushedBytes = 0
    context.flush()
  }

  func readBegan() { isInRead = true }

  func readCompleted() {
    isInRead = false
    flush()
  }

  private func schedule() {
    guard !isScheduled else { return }
    isScheduled = true
    context.eventLoop.assumeIsolated().execute {
      self.isScheduled = false
      self.flush()
    }
  }
}
