// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore

/// The native parser over text, for tests.
enum HTTP1 {
  struct Answer {
    var result: swerve_http1_result
    var head: swerve_http1_head
  }

  static let limit: UInt32 = 96 * 1024

  /// Bytes of a text whose characters up to U+00FF stand for one byte each.
  static func bytes(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  /// Parses `text` in pieces that end at `ends`, each time with all bytes so far; then as a whole.
  static func parse(
    _ text: [UInt8], isResponse: Bool = false, ends: [Int] = [], start: Int = 0, limit: UInt32 = limit
  ) -> Answer {
    var answer = Answer(result: SWERVE_HTTP1_INCOMPLETE, head: swerve_http1_head())
    swerve_native_http1_begin(UInt32(start), &answer.head)
    for end in ends + [text.count] where answer.result == SWERVE_HTTP1_INCOMPLETE {
      // Memory of just that size, so that reading past its end is an error to a sanitizer.
      let piece = Array(text[..<end])
      answer.result =
        isResponse
        ? swerve_native_http1_parse_response(piece, UInt32(end), limit, &answer.head)
        : swerve_native_http1_parse_request(piece, UInt32(end), limit, &answer.head)
    }
    return answer
  }

  static func request(_ text: String, limit: UInt32 = limit) -> Answer { parse(bytes(text), limit: limit) }

  static func response(_ text: String) -> Answer { parse(bytes(text), isResponse: true) }

  /// Answer to a request with these field lines behind its Host.
  static func fields(_ lines: String) -> Answer { request("POST /path HTTP/1.1\r\nHost: a\r\n\(lines)\r\n") }

  /// The body of a request that has these field lines.
  static func body(_ lines: String) -> swerve_http1_body {
    var head = fields(lines).head
    var body = swerve_http1_body()
    swerve_native_http1_body_of_request(&head, &body)
    return body
  }

  /// How much of `text` belongs to `body`, and the body afterwards, when it arrives in pieces that end at `ends`.
  static func advance(
    _ body: swerve_http1_body, _ text: [UInt8], ends: [Int] = []
  ) -> (taken: Int, body: swerve_http1_body) {
    var body = body
    var taken = 0
    for end in ends + [text.count] {
      let piece = Array(text[..<end])
      taken += Int(swerve_native_http1_advance(piece, UInt32(taken), UInt32(end), &body))
      // What was left is another message's.
      if taken < end { break }
    }
    return (taken, body)
  }

  static func chunks(_ text: String, ends: [Int] = []) -> (taken: Int, phase: UInt32) {
    let (taken, body) = advance(body("Transfer-Encoding: chunked\r\n"), bytes(text), ends: ends)
    return (taken, body.phase)
  }
}

extension swerve_http1_head {
  func has(_ flag: swerve_http1_flag) -> Bool { flags & flag.rawValue != 0 }
}
