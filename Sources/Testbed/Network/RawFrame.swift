// SPDX-License-Identifier: Apache-2.0

/// A frame of HTTP/2 as it is on the wire (RFC 9113, section 4.1), right or wrong.
///
///     RawFrame.preface + RawFrame.settings.bytes + RawFrame.request(1, path: "/a", ends: true).bytes
public struct RawFrame: Equatable, Sendable {
  public enum Kind: UInt8, Sendable {
    case data, headers, priority, resetStream, settings, pushPromise, ping, goAway, windowUpdate, continuation
  }

  public var type: UInt8
  public var flags: UInt8 = 0
  public var stream: UInt32 = 0
  public var payload: [UInt8] = []

  public init(_ kind: Kind, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    self.init(type: kind.rawValue, flags: flags, stream: stream, payload)
  }

  public init(type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
    self.type = type
    self.flags = flags
    self.stream = stream
    self.payload = payload
  }

  public static let endStream: UInt8 = 0x1
  public static let acknowledgement: UInt8 = 0x1
  public static let endHeaders: UInt8 = 0x4

  public var kind: Kind? { Kind(rawValue: type) }

  /// As it is on the wire.
  public var bytes: [UInt8] {
    let length = payload.count
    let head = [UInt8(length >> 16 & 0xff), UInt8(length >> 8 & 0xff), UInt8(length & 0xff), type, flags]
    return head + withUnsafeBytes(of: stream.bigEndian) { Array($0) } + payload
  }

  // MARK: Frames

  /// What a client sends before its first frame (RFC 9113, section 3.4).
  public static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  public static let settings = RawFrame(.settings)

  /// The head of a request.
  public static func request(
    _ stream: UInt32, method: String = "POST", path: String = "/unary", ends: Bool = false,
    _ fields: [(String, String)] = []
  ) -> RawFrame {
    let pseudo = [(":method", method), (":scheme", "http"), (":authority", "a"), (":path", path)]
    return headers(stream, ends: ends, pseudo + fields)
  }

  public static func headers(_ stream: UInt32, ends: Bool = false, _ fields: [(String, String)]) -> RawFrame {
    RawFrame(.headers, flags: endHeaders | (ends ? endStream : 0), stream: stream, block(fields))
  }

  /// Literals that are not indexed and not compressed (RFC 7541, section 6.2.2).
  public static func block(_ fields: [(String, String)]) -> [UInt8] {
    fields.flatMap { name, value in [0] + string(name) + string(value) }
  }

  public static func string(_ text: String) -> [UInt8] { integer(text.utf8.count, prefixBits: 7, 0) + Array(text.utf8) }

  /// RFC 7541, section 5.1.
  public static func integer(_ value: Int, prefixBits: Int, _ pattern: UInt8) -> [UInt8] {
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

  /// So many bytes of a body.
  public static func data(_ stream: UInt32, _ count: Int, ends: Bool = false) -> RawFrame {
    RawFrame(.data, flags: ends ? endStream : 0, stream: stream, Array(repeating: 0x61, count: count))
  }

  public static func reset(_ stream: UInt32, _ code: UInt8 = 8) -> RawFrame {
    RawFrame(.resetStream, stream: stream, [0, 0, 0, code])
  }

  public static func ping(_ number: UInt8 = 0, isAnswer: Bool = false) -> RawFrame {
    RawFrame(.ping, flags: isAnswer ? acknowledgement : 0, [0, 0, 0, 0, 0, 0, 0, number])
  }

  public static func windowUpdate(_ stream: UInt32, _ count: UInt32) -> RawFrame {
    RawFrame(.windowUpdate, stream: stream, withUnsafeBytes(of: count.bigEndian) { Array($0) })
  }
}
