// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import Transport

struct GzipTests {
  /// Some text that compresses as telemetry does, and bytes that do not.
  static func sample(_ byteCount: Int, seed: UInt64 = 1) -> ByteBuffer {
    var generator = TestGenerator(seed: seed)
    var buffer = ByteBuffer()
    while buffer.readableBytes < byteCount {
      buffer.writeString("http.server.request.duration \(generator.next() % 1000) ")
      if generator.next() % 8 == 0 { buffer.writeInteger(generator.next()) }
    }
    return buffer.getSlice(at: 0, length: byteCount) ?? buffer
  }

  @Test(arguments: [0, 1, 100, 5000, 1 << 20])
  func whatIsCompressedComesBack(byteCount: Int) throws {
    let message = Self.sample(byteCount)
    let compressed = try Gzip.compress(message)
    #expect(try Gzip.decompress(compressed, bytesMax: byteCount) == message)
  }

  @Test func membersAreJoined() throws {
    var compressed = ByteBuffer()
    try Gzip.compress(ByteBuffer(string: "one "), into: &compressed)
    try Gzip.compress(ByteBuffer(), into: &compressed)
    try Gzip.compress(ByteBuffer(string: "two"), into: &compressed)
    #expect(try Gzip.decompress(compressed, bytesMax: 100) == ByteBuffer(string: "one two"))
  }

  @Test func inflatesPartByPart() throws {
    let message = Self.sample(3000)
    let compressed = try Gzip.compress(message)
    let inflater = try Inflater(outputBytesMax: 3000)
    var output = ByteBuffer()
    for byte in compressed.readableBytesView {
      var part = ByteBuffer(bytes: [byte])
      try inflater.inflate(&part, into: &output)
      #expect(part.readableBytes == 0)
    }
    try inflater.finish()
    #expect(output == message)
  }

  @Test func isRefusedBeyondTheLimitAndNotAtIt() throws {
    let compressed = try Gzip.compress(Self.sample(5000))
    #expect(try Gzip.decompress(compressed, bytesMax: 5000).readableBytes == 5000)
    for bytesMax in [0, 1, 2500, 4999] {
      #expect(throws: CompressionError.limitExceeded(bytesMax: bytesMax)) {
        try Gzip.decompress(compressed, bytesMax: bytesMax)
      }
    }
  }

  @Test func aBombStopsAtTheLimitAndTakesNoMoreMemory() throws {
    let bomb = try Gzip.compress(ByteBuffer(repeating: 0, count: 10_000_000))
    #expect(bomb.readableBytes < 10_300)
    let bytesMax = 1 << 20
    let inflater = try Inflater(outputBytesMax: bytesMax)
    var input = bomb
    var output = ByteBuffer()
    #expect(throws: CompressionError.limitExceeded(bytesMax: bytesMax)) {
      try inflater.inflate(&input, into: &output)
    }
    #expect(output.readableBytes == bytesMax)
    #expect(output.capacity == bytesMax)
    // It stays failed.
    #expect(throws: CompressionError.limitExceeded(bytesMax: bytesMax)) {
      try inflater.inflate(&input, into: &output)
    }
  }

  @Test func memoryIsAskedForBeforeItIsUsed() throws {
    let compressed = try Gzip.compress(ByteBuffer(repeating: 0, count: 1 << 20))
    var granted = 0
    #expect(throws: CompressionError.outOfMemory) {
      try Gzip.decompress(compressed, bytesMax: 1 << 20) { byteCount in
        guard granted + byteCount <= 1 << 18 else { return false }
        granted += byteCount
        return true
      }
    }
    var reserved = 0
    _ = try Gzip.decompress(compressed, bytesMax: 1 << 20) { byteCount in
      reserved += byteCount
      return true
    }
    #expect(reserved >= 1 << 20)
    #expect(reserved <= 1 << 20)
  }

  @Test func everyTruncationIsAnError() throws {
    let compressed = try Gzip.compress(Self.sample(600))
    for length in 0..<compressed.readableBytes {
      let cut = try #require(compressed.getSlice(at: 0, length: length))
      #expect(throws: CompressionError.truncated) { try Gzip.decompress(cut, bytesMax: 10_000) }
    }
  }

  @Test func trailingBytesAreAnError() throws {
    for trailing in [[0], [0x1f], [0x1f, 0x8b, 8], Array("garbage".utf8)] as [[UInt8]] {
      var compressed = try Gzip.compress(ByteBuffer(string: "text"))
      compressed.writeBytes(trailing)
      #expect(throws: CompressionError.self) { try Gzip.decompress(compressed, bytesMax: 100) }
    }
  }

  @Test func theChecksumAndTheLengthAreChecked() throws {
    let compressed = try Gzip.compress(ByteBuffer(string: "text"))
    for offset in 1...8 {
      var broken = compressed
      let index = broken.writerIndex - offset
      broken.setInteger((broken.getInteger(at: index, as: UInt8.self) ?? 0) ^ 1, at: index)
      #expect { try Gzip.decompress(broken, bytesMax: 100) } throws: { error in
        if case .corrupt = error as? CompressionError { true } else { false }
      }
    }
  }

  @Test func otherFormatsAreRefused() {
    // zlib's own (RFC 1950), raw deflate, nothing like it.
    for bytes in [[0x78, 0x9c, 3, 0, 0, 0, 0, 1], [3, 0], [0, 0, 0]] as [[UInt8]] {
      #expect(throws: CompressionError.self) { try Gzip.decompress(ByteBuffer(bytes: bytes), bytesMax: 100) }
    }
  }

  @Test func mutatedFilesNeverCrashNorExceedTheLimit() throws {
    let compressed = try Gzip.compress(Self.sample(2000))
    var generator = TestGenerator(seed: 4711)
    var refusals = 0
    for _ in 0..<3000 {
      var mutated = compressed
      for _ in 0...generator.next() % 3 {
        let index = Int(generator.next() % UInt64(mutated.readableBytes))
        mutated.setInteger(UInt8(truncatingIfNeeded: generator.next()), at: index)
      }
      do {
        let output = try Gzip.decompress(mutated, bytesMax: 4000)
        #expect(output.readableBytes <= 4000)
      } catch {
        refusals += 1
      }
    }
    #expect(refusals > 2000)
  }
}
