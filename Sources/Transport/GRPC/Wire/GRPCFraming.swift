// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// The five bytes before a message: whether it is compressed, and its length (gRPC, doc/PROTOCOL-HTTP2.md,
/// "Length-Prefixed-Message").
struct GRPCPrefix: Equatable {
  static let byteCount = 5
  var isCompressed: Bool
  /// As sent, compressed or not.
  var messageBytes: Int
}

/// A message on the wire.
struct GRPCFrame: Equatable {
  var message: ByteBuffer
  var isCompressed: Bool

  /// The message itself. gzip is the only compression there is.
  func decompressed(
    bytesMax: Int, reserve: (Int) -> Bool = { _ in true }
  ) throws(CompressionError) -> ByteBuffer {
    isCompressed ? try Gzip.decompress(message, bytesMax: bytesMax, reserve: reserve) : message
  }
}

/// Takes a body apart into messages, whichever way it is cut. A message that lies in one part is a slice of it; of one
/// that does not, every byte is copied once.
struct GRPCFrameReader {
  enum Event: Equatable {
    /// A message begins. Nothing of it is kept unless `next` is called again: the place to refuse it.
    case prefix(GRPCPrefix)
    case message(GRPCFrame)
  }

  /// A message's memory is taken at once up to this many bytes; beyond, it grows with what has come.
  private static let capacityMaxUnseen = 1 << 20

  private let messageBytesMax: Int
  /// What has come and is in no message yet. Empty between parts, but for the bytes of an incomplete prefix.
  private var part = ByteBuffer()
  private var prefix: GRPCPrefix?
  private var partial: ByteBuffer?

  /// - Parameter messageBytesMax: longest message, as sent.
  init(messageBytesMax: Int) { self.messageBytesMax = messageBytesMax }

  /// Adds what has come. All events must have been taken before the next part is added.
  mutating func append(_ next: ByteBuffer) {
    if part.readableBytes == 0 {
      part = next
    } else {
      // At most four bytes of a prefix before it; those of the message itself move to `partial` as they come.
      var joined = ByteBuffer()
      joined.reserveCapacity(part.readableBytes + next.readableBytes)
      joined.writeImmutableBuffer(part)
      joined.writeImmutableBuffer(next)
      part = joined
    }
  }

  /// Nil: more must come first.
  ///
  /// - Throws: RESOURCE_EXHAUSTED for a message that is too long, INTERNAL for a prefix that is none. The rest of the body
  ///   cannot be read then.
  mutating func next() throws(GRPCStatus) -> Event? {
    guard let prefix else {
      guard let prefix = try readPrefix() else { return nil }
      self.prefix = prefix
      return .prefix(prefix)
    }
    guard let message = readMessage(prefix.messageBytes) else { return nil }
    self.prefix = nil
    return .message(GRPCFrame(message: message, isCompressed: prefix.isCompressed))
  }

  /// Whether the body may end here.
  var isBetweenMessages: Bool { prefix == nil && part.readableBytes == 0 }

  private mutating func readPrefix() throws(GRPCStatus) -> GRPCPrefix? {
    guard part.readableBytes >= GRPCPrefix.byteCount,
      let flag = part.readInteger(as: UInt8.self), let length = part.readInteger(as: UInt32.self)
    else { return nil }
    guard flag <= 1 else {
      throw GRPCStatus(.internal, "a message's compressed flag is \(flag), which is neither 0 nor 1")
    }
    guard length <= messageBytesMax else {
      throw GRPCStatus(
        .resourceExhausted, "a message has \(length) bytes; the most that are taken are \(messageBytesMax)")
    }
    return GRPCPrefix(isCompressed: flag == 1, messageBytes: Int(length))
  }

  private mutating func readMessage(_ byteCount: Int) -> ByteBuffer? {
    if partial == nil, let slice = part.readSlice(length: byteCount) { return slice }
    var message = partial ?? ByteBuffer()
    partial = nil
    if message.capacity == 0 { message.reserveCapacity(min(byteCount, Self.capacityMaxUnseen)) }
    if var more = part.readSlice(length: min(part.readableBytes, byteCount - message.readableBytes)) {
      message.writeBuffer(&more)
    }
    part = part.readableBytes == 0 ? ByteBuffer() : part
    if message.readableBytes == byteCount { return message }
    partial = message
    return nil
  }
}

/// Writes messages with their prefix.
enum GRPCFrameWriter {
  /// - Parameter encoding: compresses with it; identity sends the message as it is.
  static func frame(_ message: ByteBuffer, _ encoding: GRPCEncoding) throws(GRPCStatus) -> ByteBuffer {
    var frame = ByteBuffer()
    if encoding == .gzip {
      frame.writeRepeatingByte(0, count: GRPCPrefix.byteCount)
      do { try Gzip.compress(message, into: &frame) } catch { throw GRPCStatus(.resourceExhausted, "\(error)") }
    } else {
      frame.reserveCapacity(GRPCPrefix.byteCount + message.readableBytes)
      frame.writeRepeatingByte(0, count: GRPCPrefix.byteCount)
      frame.writeImmutableBuffer(message)
    }
    guard let length = UInt32(exactly: frame.readableBytes - GRPCPrefix.byteCount) else {
      throw GRPCStatus(.resourceExhausted, "a message has \(frame.readableBytes) bytes; gRPC has 32 bits for it")
    }
    frame.setInteger(UInt8(encoding == .gzip ? 1 : 0), at: frame.readerIndex)
    frame.setInteger(length, at: frame.readerIndex + 1)
    return frame
  }
}
