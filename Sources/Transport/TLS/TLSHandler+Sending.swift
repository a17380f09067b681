// SPDX-License-Identifier: Apache-2.0

package import NIOCore

extension TLSHandler {
  package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch state {
    case .waiting, .handshaking, .open:
      guard output == .open else { fallthrough }
      writes.append(unwrapOutboundIn(data), promise)
    case .closing, .ended:
      promise?.fail(failure ?? ChannelError.ioOnClosedChannel)
    }
  }

  package func flush(context: ChannelHandlerContext) {
    writes.flush()
    encryptFlushed(context)
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    encryptFlushed(context)
    context.fireChannelWritabilityChanged()
  }

  /// Encrypts what was flushed, as long as the channel takes it: what waits does so as plaintext, once, and not a second
  /// time as ciphertext.
  ///
  /// - Parameter all: also what the channel does not take yet, as nothing follows.
  func encryptFlushed(_ context: ChannelHandlerContext, all: Bool = false) {
    // Writing below changes the writability, which calls this again; who hears of that may also close.
    let isNested = isEncrypting
    guard all || !isNested else { return }
    isEncrypting = true
    defer { isEncrypting = isNested }
    var batchCount = 0
    while case .open = state, let connection, writes.hasFlushed, all || context.channel.isWritable {
      guard all || batchCount < Self.batchesAtOnceMax else {
        context.flush()
        context.eventLoop.assumeIsolated().execute { [weak self] in self?.encryptFlushed(context) }
        return
      }
      encryptBatch(context, connection)
      batchCount += 1
      // The channel writes only then; it may be writable again afterwards.
      if !(all || context.channel.isWritable) || !writes.hasFlushed { context.flush() }
    }
  }

  private func encryptBatch(_ context: ChannelHandlerContext, _ connection: OpenSSLConnection) {
    var completed: [EventLoopPromise<Void>] = []
    var batch = context.channel.allocator.buffer(capacity: 0)
    while batch.readableBytes < Self.batchByteCount,
      let record = writes.takeRecord(byteCountMax: Self.pieceByteCount, completing: &completed)
    {
      if case .failed(let reason) = connection.encrypt(record.readableBytesView) {
        for promise in completed { promise.fail(TransportError(.tlsFailed, "\(name(context)): \(reason)")) }
        fail(context, .tlsFailed, reason)
        return
      }
      // A full record is seldom alone: grown once, the buffer is not copied while it grows.
      if record.readableBytes == Self.pieceByteCount {
        batch.reserveCapacity(Self.batchByteCount + Self.pieceByteCount)
      }
      connection.takeOutgoing(into: &batch)
    }
    for promise in completed.dropFirst() { completed[0].futureResult.cascade(to: promise) }
    context.write(wrapOutboundOut(batch), promise: completed.first)
  }

  /// Sends what OpenSSL has to say: the handshake, alerts, key updates.
  func sendOutgoing(_ context: ChannelHandlerContext) {
    var bytes = context.channel.allocator.buffer(capacity: 0)
    connection?.takeOutgoing(into: &bytes)
    guard bytes.readableBytes > 0 else { return }
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
  }
}
