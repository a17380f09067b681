// SPDX-License-Identifier: Apache-2.0

internal import CZlib
public import NIOCore

/// Decompresses gzip (RFC 1952) part by part, and never more than is allowed. A file of several members comes out as one.
///
/// Not for use by two threads at once.
public final class Inflater {
  private enum State {
    /// At the first byte of a member; `isFirst` until one has been read.
    case between(isFirst: Bool)
    case within
    case failed(CompressionError)
  }

  /// Everything that may come out until the next `reset`.
  public private(set) var outputBytesMax: Int
  /// What has come out since the last `reset`.
  public private(set) var outputBytes = 0
  private var state = State.between(isFirst: true)
  // zlib's state points back at it, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  /// - Parameter outputBytesMax: bytes that may come out, all parts together.
  /// - Throws: `outOfMemory`; zlib wants about 40 KiB.
  public init(outputBytesMax: Int) throws(CompressionError) {
    self.outputBytesMax = outputBytesMax
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, MAX_WBITS + Zlib.gzipOnly, ZLIB_VERSION, size) == Z_OK else { throw .outOfMemory }
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Begins anew with another file; zlib's memory is kept.
  public func reset(outputBytesMax: Int) {
    self.outputBytesMax = outputBytesMax
    outputBytes = 0
    state = .between(isFirst: true)
    inflateReset(stream)
  }

  /// Decompresses all of `input` and appends to `output`, whose capacity grows with what comes out: at most doubled, and
  /// never meant for more than `outputBytesMax`.
  public func inflate(_ input: inout ByteBuffer, into output: inout ByteBuffer) throws(CompressionError) {
    var room = Zlib.room(forInput: input.readableBytes)
    while true {
      let before = output.readableBytes
      try inflate(&input, into: &output, bytesMax: room)
      // Fewer bytes than there was room for: zlib has nothing left to say.
      if input.readableBytes == 0, output.readableBytes - before < room { return }
      room = max(room, output.readableBytes)
    }
  }

  /// Decompresses until the input is used up or `bytesMax` more bytes have come out, whichever is first. For those who
  /// reserve memory step by step.
  func inflate(
    _ input: inout ByteBuffer, into output: inout ByteBuffer, bytesMax: Int
  ) throws(CompressionError) {
    if case .failed(let error) = state { throw error }
    do throws(CompressionError) {
      var room = bytesMax
      while room > 0 {
        let step = min(room, max(outputBytesMax - outputBytes, 1), Zlib.bytesPerCallMax)
        let count = try inflateStep(&input, into: &output, bytesMax: step)
        outputBytes += count
        room -= count
        if case .between = state, input.readableBytes > 0 { continue }
        if count < step { return }
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Says that no input follows.
  ///
  /// - Throws: `truncated` within a member, or when there was none.
  public func finish() throws(CompressionError) {
    switch state {
    case .between(isFirst: false): return
    case .between(isFirst: true), .within: throw .truncated
    case .failed(let error): throw error
    }
  }

  /// One call of zlib; returns how many bytes came out.
  private func inflateStep(
    _ input: inout ByteBuffer, into output: inout ByteBuffer, bytesMax: Int
  ) throws(CompressionError) -> Int {
    if case .between = state {
      guard input.readableBytes > 0 else { return 0 }
      state = .within
    }
    guard outputBytes < outputBytesMax else {
      // A file may end at the limit: whether it does is asked with room of one byte beside the output.
      var beyond = ByteBuffer()
      guard try callZlib(&input, into: &beyond, bytesMax: 1) == 0 else {
        throw .limitExceeded(bytesMax: outputBytesMax)
      }
      return 0
    }
    return try callZlib(&input, into: &output, bytesMax: bytesMax)
  }

  private func callZlib(
    _ input: inout ByteBuffer, into output: inout ByteBuffer, bytesMax: Int
  ) throws(CompressionError) -> Int {
    var result = Z_OK
    let count = output.writeWithUnsafeMutableBytes(minimumWritableBytes: bytesMax) { room in
      let room = UnsafeMutableRawBufferPointer(rebasing: room.prefix(bytesMax))
      return input.readWithUnsafeReadableBytes { bytes in
        let available = min(bytes.count, Zlib.bytesPerCallMax)
        // zlib only reads from it, but does not say so in its types.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: Bytef.self).baseAddress)
        stream.pointee.avail_in = uInt(available)
        stream.pointee.next_out = room.bindMemory(to: Bytef.self).baseAddress
        stream.pointee.avail_out = uInt(room.count)
        result = CZlib.inflate(stream, Z_NO_FLUSH)
        return (available - Int(stream.pointee.avail_in), room.count - Int(stream.pointee.avail_out))
      }
    }
    switch result {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END:
      state = .between(isFirst: false)
      inflateReset(stream)
    case Z_MEM_ERROR: throw .outOfMemory
    default: throw .corrupt(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(result)")
    }
    return count
  }
}
