// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A frame of HTTP/2 as it is on the wire (RFC 9113, section 4.1), right or wrong.
struct RawFrame: Equatable {
  enum Kind: UInt8 {
    case data, headers, priority, resetStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
  }

  var type: UInt8
  var flags: UInt8 = 0
  var stream: UInt32 = 0
  var payload: [UInt8] = []

  init(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    self.init(type: kind.rawValue, flags: flags, stream: stream, payload)
  }

  init(type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    self.type = type
    self.flags = flags
    self.stream = stream
    self.payload = payload
  }

  static let endStream: UInt8 = 0x1
  static let acknowledgement: UInt8 = 0x1
  static let endHeaders: UInt8 = 0x4

  var kind: Kind? { Kind(rawValue: type) }

  func write(to buffer: inout ByteBuffer) {
    let length = payload.count
    buffer.writeBytes([UInt8(length >> 16), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), type, flags])
    buffer.writeInteger(stream)
    buffer.writeBytes(payload)
  }

  /// Nil when the buffer holds no whole frame.
  static func read(from buffer: inout ByteBuffer) -> RawFrame? {
    guard let head = buffer.getBytes(at: buffer.readerIndex, length: 9) else { return nil }
    let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
    guard buffer.readableBytes >= 9 + length, buffer.readBytes(length: 9) != nil else { return nil }
    let stream = UInt32(head[5]) << 24 | UInt32(head[6]) << 16 | UInt32(head[7]) << 8 | UInt32(head[8])
    return RawFrame(type: head[3], flags: head[4], stream: stream, buffer.readBytes(length: length) ?? [])
  }

  // MARK: Frames

  static let settings = RawFrame(.settings)

  static func request(
    _ stream: UInt32, method: String = "POST", path: String = "/unary", ends: Bool = false,
    _ fields: [(String, String)] = []
  ) -> RawFrame {
    let pseudo = [(":method", method), (":scheme", "http"), (":authority", "a"), (":path", path)]
    return headers(stream, ends: ends, pseudo + fields)
  }

  static func headers(_ stream: UInt32, ends: Bool = false, _ fields: [(String, String)]) -> RawFrame {
    RawFrame(.headers, flags: endHeaders | (ends ? endStream : 0), stream: stream, block(fields))
  }

  /// Literals that are not indexed and not compressed (RFC 7541, section 6.2.2).
  static func block(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { name, value in [0] + string(name) + string(value) }
  }

  static func string(_ text: String) -> [UInt8] { integer(text.utf8.count, prefixBits: 7, 0) + Array(text.utf8) }

  /// RFC 7541, section 5.1.
  static func integer(_ value: Int, prefixBits: Int, _ pattern: UInt8) -> [UInt8] {
    let limit = 1 << prefixBits - 1
    if value < limit { return [pattern | UInt8(value)] }
    var bytes = [pattern | UInt8(limit)]
    var left = value - limit
    while left >= 128 {
      bytes.append(UInt8(left & 0x7f | 0x80))
      left >>= 7
    }
    return bytes + [UInt8(left)]
  }

  static func data(_ stream: UInt32, _ count: Int, ends: Bool = false) -> RawFrame {
    RawFrame(.data, flags: ends ? endStream : 0, stream: stream, Array(repeating: 0x61, count: count))
  }

  static func reset(_ stream: UInt32, _ code: UInt8 = 8) -> RawFrame {
    RawFrame(.resetStream, stream: stream, [0, 0, 0, code])
  }

  static func ping(_ number: UInt8 = 0, isAnswer: Bool = false) -> RawFrame {
    RawFrame(.ping, flags: isAnswer ? acknowledgement : 0, [0, 0, 0, 0, 0, 0, 0, number])
  }

  static func windowUpdate(_ stream: UInt32, _ count: UInt32) -> RawFrame {
    RawFrame(.windowUpdate, stream: stream, withUnsafeBytes(of: count.bigEndian) { Array($0) })
  }
}
