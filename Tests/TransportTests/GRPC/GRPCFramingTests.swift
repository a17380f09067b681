// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import Transport

struct GRPCFramingTests {
  private static let messages = ["", "a", "twelve bytes", String(repeating: "x", count: 300)].map(
    ByteBuffer.init(string:))

  private static func body(_ messages: [ByteBuffer]) throws -> ByteBuffer {
    var body = ByteBuffer()
    for message in messages { body.writeImmutableBuffer(try GRPCFrameWriter.frame(message, .identity)) }
    return body
  }

  private static func refusal(_ reader: inout GRPCFrameReader) -> GRPCStatusCode? {
    do throws(GRPCStatus) {
      _ = try reader.next()
      return nil
    } catch {
      return error.code
    }
  }

  /// Everything in a body that is cut at the offsets.
  private static func read(
    _ body: ByteBuffer, cuts: [Int], messageBytesMax: Int = 1000
  ) throws -> (messages: [ByteBuffer], isWhole: Bool) {
    var reader = GRPCFrameReader(messageBytesMax: messageBytesMax)
    var read: [ByteBuffer] = []
    var rest = body
    for length in zip(cuts + [body.readableBytes], [0] + cuts).map({ $0 - $1 }) {
      let part = rest.readSlice(length: length)
      reader.append(try #require(part))
      while let event = try reader.next() {
        if case .message(let frame) = event { read.append(frame.message) }
      }
    }
    return (read, reader.isBetweenMessages)
  }

  @Test func readsAByteAtATime() throws {
    let body = try Self.body(Self.messages)
    let read = try Self.read(body, cuts: Array(1..<body.readableBytes))
    #expect(read.messages == Self.messages)
    #expect(read.isWhole)
  }

  @Test func readsWhereverABodyIsCutTwice() throws {
    let messages = Self.messages.dropLast() + [ByteBuffer(string: "the last message")]
    let body = try Self.body(Array(messages))
    for first in 0...body.readableBytes {
      for second in first...body.readableBytes {
        #expect(try Self.read(body, cuts: [first, second]).messages == Array(messages))
      }
    }
  }

  @Test func aMessageInOnePartIsNotCopied() throws {
    let body = try Self.body([ByteBuffer(string: "a message")])
    var reader = GRPCFrameReader(messageBytesMax: 100)
    reader.append(body)
    let first = try reader.next()
    #expect(first == .prefix(GRPCPrefix(isCompressed: false, messageBytes: 9)))
    guard case .message(let frame) = try reader.next() else { throw GRPCStatus(.notFound) }
    let address = body.withUnsafeReadableBytes { $0.baseAddress.map { $0 + GRPCPrefix.byteCount } }
    #expect(frame.message.withUnsafeReadableBytes { $0.baseAddress } == address)
  }

  @Test func aLongMessageIsRefusedByItsPrefixAlone() throws {
    var reader = GRPCFrameReader(messageBytesMax: 1000)
    reader.append(ByteBuffer(bytes: [0, 0, 0, 3, 0xe9]))
    let refusal = Self.refusal(&reader)
    #expect(refusal == .resourceExhausted)
    reader = GRPCFrameReader(messageBytesMax: 1000)
    reader.append(ByteBuffer(bytes: [0, 0, 0, 3, 0xe8]))
    let first = try reader.next()
    #expect(first == .prefix(GRPCPrefix(isCompressed: false, messageBytes: 1000)))
    let second = try reader.next()
    #expect(second == nil)
  }

  @Test func aFlagThatIsNeitherIsRefused() throws {
    var reader = GRPCFrameReader(messageBytesMax: 1000)
    reader.append(ByteBuffer(bytes: [2, 0, 0, 0, 0]))
    let refusal = Self.refusal(&reader)
    #expect(refusal == .internal)
  }

  @Test func aBodyThatEndsWithinAMessageIsNotWhole() throws {
    let body = try Self.body([ByteBuffer(string: "text")])
    for length in 1..<body.readableBytes {
      #expect(try !Self.read(#require(body.getSlice(at: 0, length: length)), cuts: []).isWhole)
    }
  }

  @Test func mutatedBodiesNeverCrashNorExceedTheLimit() throws {
    let body = try Self.body(Self.messages)
    var generator = TestGenerator(seed: 4712)
    var refusals = 0
    for _ in 0..<5000 {
      var mutated = body
      for _ in 0...generator.next() % 4 {
        let index = Int(generator.next() % UInt64(mutated.readableBytes))
        mutated.setInteger(UInt8(truncatingIfNeeded: generator.next()), at: index)
      }
      let cuts = (0..<3).map { _ in Int(generator.next() % UInt64(body.readableBytes)) }.sorted()
      do {
        for message in try Self.read(mutated, cuts: cuts).messages { #expect(message.readableBytes <= 1000) }
      } catch {
        refusals += 1
      }
    }
    #expect(refusals > 100)
  }

  /// Quadratic reading would take minutes.
  @Test func manyPartsOfALongMessageAreReadInLinearTime() throws {
    let message = ByteBuffer(repeating: 7, count: 8 << 20)
    let body = try Self.body([message])
    let cuts = Array(stride(from: 64, to: body.readableBytes, by: 64))
    #expect(try Self.read(body, cuts: cuts, messageBytesMax: 8 << 20).messages == [message])
  }
}
