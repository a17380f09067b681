// SPDX-License-Identifier: Apache-2.0

internal import COTLP

/// Reads requests, one at a time, into memory that is used again for the next.
///
///     var decoder = Decoder()
///     let request = try decoder.decode(Metrics.ExportRequest.self, from: bytes.span.bytes)
///     request.resourceMetrics.forEach { ... }
///
/// The answer points into the decoder's memory and into the input: as long as it is used the compiler allows neither
/// the next request nor a change of the input. A decoder is for one thread at a time.
public struct Decoder: ~Copyable {
  public let limits: DecodingLimits
  private let arena: Arena

  public init(limits: DecodingLimits = DecodingLimits()) throws(OTLPError) {
    self.limits = limits
    arena = try Arena(limit: limits.memoryBytesMax, kept: limits.keptBytesMax)
  }

  /// Reads a message.
  @_lifetime(&self, copy bytes)
  public mutating func decode<Message: MessageView & ~Escapable>(
    _ type: Message.Type = Message.self, from bytes: RawSpan, as encoding: MessageEncoding = .protobuf
  ) throws(OTLPError) -> Message {
    let pointer = try read(Message._type, from: bytes, as: encoding)
    let message = Message(MessageReference(unsafe: pointer))
    return _overrideLifetime(_overrideLifetime(message, copying: bytes), mutating: &self)
  }

  /// Where the message lies that was read; the one before it is gone.
  func read(_ type: MessageType, from bytes: RawSpan, as encoding: MessageEncoding) throws(OTLPError)
    -> UnsafeRawPointer
  {
    arena.reset()
    if bytes.byteCount > limits.inputBytesMax {
      let reason = "\(bytes.byteCount) bytes; at most \(limits.inputBytesMax) are allowed"
      throw OTLPError(.tooLarge, offset: limits.inputBytesMax, reason: reason)
    }
    return try bytes.withUnsafeBytes { (buffer) throws(OTLPError) in
      switch encoding {
      case .protobuf: return try WireReading.read(buffer, type, into: arena.pointer)
      case .json:
        var reading = JSONReading(buffer, arena)
        return try reading.read(type)
      }
    }
  }

  /// The arena, for what is built in it.
  var memory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(arena.pointer) }

  /// Bytes of memory that the decoder has allocated.
  public var memoryBytes: Int { arena.bytes }
}

/// A decoder has one owner and is changed by it alone: it may move between threads.
extension Decoder: @unchecked Sendable {}

/// The two forms a message has on its way.
public enum MessageEncoding: Sendable {
  /// protobuf's wire format. Unknown fields are kept, and written again by `protobuf()`; unknown numbers of enumerations
  /// too.
  case protobuf
  /// OTLP's JSON: ids in hexadecimal, other bytes in base64, enumerations as numbers. Unknown keys are ignored.
  case json
}
