// SPDX-License-Identifier: Apache-2.0

import NIOCore

@testable import Transport

/// Messages are the same however the body is cut, are written as they were read, and no compressed one comes to more than
/// is allowed.
enum FuzzGRPCFraming {
  private struct Outcome: Equatable {
    var events: [GRPCFrameReader.Event] = []
    var failure: GRPCStatus?
    var endsBetween = false
  }

  static func run(_ input: FuzzInput) {
    // Small ones are reached by mutation.
    let bytesMax = [64, 1000, 16 << 10, 4 << 20][Int(input.options & 3)]
    let whole = read([FuzzInput.buffer(input.bytes)], bytesMax)
    let cut = read(input.parts, bytesMax)
    precondition(whole == cut, "other messages when the body is cut")
    var written: [UInt8] = []
    for case .message(let frame) in whole.events {
      precondition(frame.message.readableBytes <= bytesMax)
      written += Array(write(frame).readableBytesView)
      if frame.isCompressed { decompress(frame, bytesMax, input) }
    }
    precondition(input.bytes.starts(with: written), "messages are written otherwise than they were read")
    precondition(!whole.endsBetween || whole.failure != nil || written.count == input.bytes.count, "bytes are lost")
  }

  private static func read(_ parts: [ByteBuffer], _ bytesMax: Int) -> Outcome {
    var outcome = Outcome()
    var reader = GRPCFrameReader(messageBytesMax: bytesMax)
    do throws(GRPCStatus) {
      for part in parts {
        reader.append(part)
        while let event = try reader.next() { outcome.events.append(event) }
      }
      outcome.endsBetween = reader.isBetweenMessages
    } catch {
      outcome.failure = error
    }
    return outcome
  }

  private static func write(_ frame: GRPCFrame) -> ByteBuffer {
    do throws(GRPCStatus) {
      var buffer = try GRPCFrameWriter.frame(frame.message, .identity)
      buffer.setInteger(UInt8(frame.isCompressed ? 1 : 0), at: buffer.readerIndex)
      return buffer
    } catch {
      preconditionFailure("what was read cannot be written: \(error)")
    }
  }

  private static func decompress(_ frame: GRPCFrame, _ bytesMax: Int, _ input: FuzzInput) {
    var reserved = 0
    let atOnce = result {
      () throws(CompressionError) in
      try frame.decompressed(bytesMax: bytesMax) { byteCount in
        reserved += byteCount
        return true
      }
    }
    precondition(reserved <= bytesMax, "more memory is asked for than is allowed")
    let inParts = result { () throws(CompressionError) in
      let inflater = try Inflater(outputBytesMax: bytesMax)
      var output = ByteBuffer()
      let parts = FuzzInput(input, bytes: Array(frame.message.readableBytesView)).parts
      for var part in parts { try inflater.inflate(&part, into: &output) }
      try inflater.finish()
      return output
    }
    switch (atOnce, inParts) {
    case (.success(let message), .success(let other)):
      precondition(message == other && message.readableBytes <= bytesMax && message.readableBytes <= reserved)
      let again = result { () throws(CompressionError) in
        try Gzip.decompress(Gzip.compress(message), bytesMax: message.readableBytes)
      }
      precondition(again == .success(message), "a message does not survive compression")
    // Which of two faults is seen first depends on the cuts.
    case (.failure, .failure): break
    default: preconditionFailure("in parts \(inParts), at once \(atOnce)")
    }
  }

  private static func result(
    _ body: () throws(CompressionError) -> ByteBuffer
  ) -> Result<ByteBuffer, CompressionError> {
    do { return .success(try body()) } catch { return .failure(error) }
  }
}

extension FuzzInput {
  /// The same options and cuts for other bytes.
  init(_ other: FuzzInput, bytes: [UInt8]) {
    options = other.options
    cuts = other.cuts
    self.bytes = bytes
  }
}
