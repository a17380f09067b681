// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// What a call has received: takes the body apart, within the server's limits and its memory.
struct GRPCServerInput {
  typealias UnaryHandler = @Sendable (ByteBuffer, GRPCRequest, GRPCReply) -> Void

  enum Consumer {
    case unary(UnaryHandler)
    case stream(GRPCMessageQueue)
  }

  enum Outcome {
    /// `isPaused`: the handler has enough for now.
    case success(isPaused: Bool)
    case failure(GRPCStatus)
  }

  let reservation: MemoryReservation
  var consumer: Consumer?
  /// Bytes received for which the window has not been opened again.
  var held = 0
  private let server: GRPCServer
  private let encoding: GRPCEncoding
  private var reader: GRPCFrameReader
  /// A unary call's, until the method has it.
  private var message: ByteBuffer?
  /// The reservation is the reply's from then on.
  private var isHandedOver = false

  init(_ server: GRPCServer, _ encoding: GRPCEncoding) {
    self.server = server
    self.encoding = encoding
    reservation = MemoryReservation(server.budget)
    reader = GRPCFrameReader(messageBytesMax: server.limits.messageBytesMax)
  }

  /// Part of a message is here, and not all of it.
  var isInMessage: Bool { !reader.isBetweenMessages }

  mutating func receive(_ body: ByteBuffer) -> Outcome {
    reader.append(body)
    do throws(GRPCStatus) {
      while let event = try next() {
        switch event {
        case .prefix(let prefix): try admit(prefix)
        case .message(let frame): try deliver(decompressed(frame))
        }
      }
    } catch {
      return .failure(error)
    }
    if case .stream(let queue) = consumer { return .success(isPaused: queue.pauseIfFull()) }
    return .success(isPaused: false)
  }

  /// The body is complete.
  ///
  /// - Returns: what a unary method is to be called with.
  mutating func end() -> Result<(message: ByteBuffer, handler: UnaryHandler)?, GRPCStatus> {
    guard reader.isBetweenMessages else {
      server.counters.count(.malformed)
      return .failure(GRPCStatus(.internal, "the request ends within a message"))
    }
    switch consumer {
    case .unary(let handler):
      guard let message else {
        return .failure(GRPCStatus(.unimplemented, "the method takes one message, and none came"))
      }
      self.message = nil
      isHandedOver = true
      return .success((message, handler))
    case .stream(let queue):
      queue.finish(nil)
      return .success(nil)
    case nil: return .success(nil)
    }
  }

  /// The call has ended; what is kept is no longer needed.
  mutating func abandon(_ status: GRPCStatus) {
    switch consumer {
    case .stream(let queue):
      queue.finish(status.code == .ok ? GRPCStatus(.cancelled, "the call has ended") : status, dropsQueued: true)
    case .unary, nil: if !isHandedOver { reservation.releaseAll() }
    }
    message = nil
    consumer = nil
    reader = GRPCFrameReader(messageBytesMax: 0)
  }

  private mutating func next() throws(GRPCStatus) -> GRPCFrameReader.Event? {
    do { return try reader.next() } catch {
      server.counters.count(error.code == .resourceExhausted ? .messageTooLarge : .malformed)
      throw error
    }
  }

  private func admit(_ prefix: GRPCPrefix) throws(GRPCStatus) {
    if case .unary = consumer, message != nil {
      throw GRPCStatus(.unimplemented, "the method takes one message, and a second came")
    }
    if prefix.isCompressed, encoding == .identity {
      server.counters.count(.malformed)
      throw GRPCStatus(.internal, "a message is compressed, but grpc-encoding does not say how")
    }
    var cost = prefix.messageBytes
    if case .stream = consumer { cost += GRPCMessageQueue.messageOverheadBytes }
    guard reservation.grow(cost) else { throw memoryShort(cost) }
  }

  private func memoryShort(_ byteCount: Int) -> GRPCStatus {
    server.counters.count(.memoryShort)
    return GRPCStatus(
      .unavailable, "there is no memory for a message of \(byteCount) bytes at present",
      retryDelay: server.limits.retryDelay)
  }

  private func decompressed(_ frame: GRPCFrame) throws(GRPCStatus) -> ByteBuffer {
    var reserved = frame.message.readableBytes
    do throws(CompressionError) {
      let bytesMax = server.limits.decompressedBytesMax
      let message = try frame.decompressed(bytesMax: bytesMax) { byteCount in
        guard reservation.grow(byteCount) else { return false }
        reserved += byteCount
        return true
      }
      reservation.shrink(reserved - message.readableBytes)
      return message
    } catch {
      switch error {
      case .limitExceeded:
        server.counters.count(.decompressedTooLarge)
        throw GRPCStatus(.resourceExhausted, "\(error)")
      case .outOfMemory: throw memoryShort(reserved)
      case .corrupt, .truncated:
        server.counters.count(.malformed)
        throw GRPCStatus(.internal, "\(error)")
      }
    }
  }

  private mutating func deliver(_ whole: ByteBuffer) {
    switch consumer {
    case .unary: message = whole
    case .stream(let queue): queue.push(whole)
    case nil: break
    }
  }
}
