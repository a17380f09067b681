// SPDX-License-Identifier: Apache-2.0

/// The start of an HTTP/1.1 response: what a load client has to know to find its end (RFC 9112 section 6).
struct HTTPResponse: Equatable {
  let status: Int
  /// Value of `x-endpoint`: which endpoint answered.
  let endpoint: String?
  /// Value of `x-swerve-reason`: why the mesh answered in the endpoint's place.
  let reason: String?
  /// Bytes of head and body together.
  let size: Int
  /// The server closes the connection after it.
  let closes: Bool

  /// Nil while the head is incomplete.
  /// - Throws: `Malformed` when this is no response with a Content-Length, which is all that our peers send.
  init?(head bytes: [UInt8]) throws {
    guard let end = Self.endOfHead(bytes) else {
      if bytes.count > 65536 { throw Malformed() }
      return nil
    }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: true)
    let words = lines.first?.split(separator: " ") ?? []
    guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else { throw Malformed() }
    var (length, endpoint, reason, closes): (Int?, String?, String?, Bool) = (nil, nil, nil, false)
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { throw Malformed() }
      let value = line[line.index(after: colon)...].drop { $0 == " " }
      switch line[..<colon].lowercased() {
      case "content-length": length = Int(value)
      case "x-endpoint": endpoint = String(value)
      case "x-swerve-reason": reason = String(value)
      case "connection": closes = value.lowercased() == "close"
      default: break
      }
    }
    guard let length, length >= 0 else { throw Malformed() }
    self.status = status
    self.endpoint = endpoint
    self.reason = reason
    self.closes = closes
    size = end + length
  }

  struct Malformed: Error {}

  /// Where the body begins.
  private static func endOfHead(_ bytes: [UInt8]) -> Int? {
    guard bytes.count >= 4 else { return nil }
    for index in 3..<bytes.count
    where bytes[index] == 10 && bytes[index - 1] == 13 && bytes[index - 2] == 10 && bytes[index - 3] == 13 {
      return index + 1
    }
    return nil
  }
}
