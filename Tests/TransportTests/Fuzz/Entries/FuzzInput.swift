// SPDX-License-Identifier: Apache-2.0

import Glibc
@_spi(CustomByteBufferAllocator) import NIOCore

/// An input of the fuzzer: one byte of options, one that says how the rest is cut, and the peer's bytes.
struct FuzzInput {
  let options: UInt8
  /// 0: in one piece; 1: byte by byte; else the seed of random cuts.
  let cuts: UInt8
  let bytes: [UInt8]

  init?(_ input: UnsafeRawBufferPointer) {
    guard input.count >= 2 else { return nil }
    options = input[0]
    cuts = input[1]
    bytes = Array(input.dropFirst(2))
  }

  func has(_ bit: Int) -> Bool { options >> bit & 1 == 1 }

  /// The peer's bytes as they are read from a socket, part by part.
  var parts: [ByteBuffer] {
    var random = FuzzRandom(state: UInt64(cuts))
    var parts: [ByteBuffer] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      let length =
        switch cuts {
        case 0: rest.count
        case 1: 1
        // Now short, now long.
        default: 1 + Int(random.next() % (1 << (random.next() % 12)))
        }
      parts.append(Self.buffer(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return parts
  }

  /// A buffer without spare capacity, so that the sanitizer sees a read behind the end.
  static func buffer(_ bytes: some Collection<UInt8>) -> ByteBuffer {
    guard !bytes.isEmpty, let memory = malloc(bytes.count) else { return ByteBuffer() }
    let buffer = UnsafeMutableRawBufferPointer(start: memory, count: bytes.count)
    buffer.copyBytes(from: bytes)
    return ByteBuffer(takingOwnershipOf: buffer, allocator: exact)
  }

  private static let exact = ByteBufferAllocator(
    allocate: { malloc($0) }, reallocate: { realloc($0, $2) }, deallocate: { free($0) },
    copy: { $0.copyMemory(from: $1, byteCount: $2) })
}

/// xorshift64: the same input, the same cuts.
struct FuzzRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
