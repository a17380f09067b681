// SPDX-License-Identifier: Apache-2.0

public import NIOCore
internal import NIOPosix

/// Whole messages to gzip (RFC 1952) and back.
///
/// zlib's memory is kept per thread: event loops are threads that live long, and setting it up costs as much as
/// compressing a small message.
public enum Gzip {
  private static let level: Int32 = 6
  // Every thread sees its own.
  nonisolated(unsafe) private static let inflaters = ThreadSpecificVariable<Inflater>()
  nonisolated(unsafe) private static let deflaters = ThreadSpecificVariable<Deflater>()

  /// - Throws: `outOfMemory` only.
  public static func compress(_ message: ByteBuffer) throws(CompressionError) -> ByteBuffer {
    var output = ByteBuffer()
    try compress(message, into: &output)
    return output
  }

  /// The same, appended to `output`.
  static func compress(_ message: ByteBuffer, into output: inout ByteBuffer) throws(CompressionError) {
    try deflater().deflate(message, into: &output)
  }

  /// - Parameters:
  ///   - bytesMax: as many bytes may come out.
  ///   - reserve: asked before room for as many more bytes is made; false ends it with `outOfMemory`.
  public static func decompress(
    _ message: ByteBuffer, bytesMax: Int, reserve: (Int) -> Bool = { _ in true }
  ) throws(CompressionError) -> ByteBuffer {
    let inflater = try inflater()
    inflater.reset(outputBytesMax: bytesMax)
    var input = message
    var output = ByteBuffer()
    var room = min(Zlib.room(forInput: message.readableBytes), bytesMax)
    while true {
      guard reserve(room) else { throw .outOfMemory }
      // At the limit there is no room, and it remains to be seen whether anything follows.
      let step = max(room, 1)
      let before = output.readableBytes
      try inflater.inflate(&input, into: &output, bytesMax: step)
      if input.readableBytes == 0, output.readableBytes - before < step { break }
      room = min(max(room, output.readableBytes), bytesMax - output.readableBytes)
    }
    try inflater.finish()
    return output
  }

  private static func inflater() throws(CompressionError) -> Inflater {
    if let kept = inflaters.currentValue { return kept }
    let new = try Inflater(outputBytesMax: 0)
    inflaters.currentValue = new
    return new
  }

  private static func deflater() throws(CompressionError) -> Deflater {
    if let kept = deflaters.currentValue { return kept }
    let new = try Deflater(level: level)
    deflaters.currentValue = new
    return new
  }
}
