// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

@Suite struct BodyTests {
  @Test(
    arguments: [
      ("", SWERVE_HTTP1_DONE, 0), ("Content-Length: 0\r\n", SWERVE_HTTP1_DONE, 0),
      ("Content-Length: 7\r\n", SWERVE_HTTP1_LENGTH, 7), ("Content-Length:\t 7 \t\r\n", SWERVE_HTTP1_LENGTH, 7),
      ("Content-Length: 9999999999999999999\r\n", SWERVE_HTTP1_LENGTH, 9_999_999_999_999_999_999),
      ("Transfer-Encoding: chunked\r\n", SWERVE_HTTP1_CHUNK_SIZE, 0),
      ("transfer-encoding:Chunked \r\n", SWERVE_HTTP1_CHUNK_SIZE, 0),
    ] as [(String, swerve_http1_phase, UInt64)])
  func bodyOfARequest(lines: String, phase: swerve_http1_phase, remaining: UInt64) {
    let body = HTTP1.body(lines)
    #expect(body.phase == phase.rawValue && body.remaining == remaining)
  }

  /// RFC 9112 section 6.3, in its order.
  @Test(
    arguments: [
      (200, "GET", "Content-Length: 5\r\n", SWERVE_HTTP1_LENGTH), (200, "GET", "", SWERVE_HTTP1_UNTIL_CLOSE),
      (200, "GET", "Content-Length: 0\r\n", SWERVE_HTTP1_DONE),
      (200, "GET", "Transfer-Encoding: chunked\r\n", SWERVE_HTTP1_CHUNK_SIZE),
      (200, "HEAD", "Content-Length: 5\r\n", SWERVE_HTTP1_DONE), (200, "HEAD", "", SWERVE_HTTP1_DONE),
      (404, "HEAD", "Transfer-Encoding: chunked\r\n", SWERVE_HTTP1_DONE),
      (100, "GET", "", SWERVE_HTTP1_DONE), (103, "GET", "Content-Length: 5\r\n", SWERVE_HTTP1_DONE),
      (204, "GET", "", SWERVE_HTTP1_DONE), (204, "GET", "Content-Length: 5\r\n", SWERVE_HTTP1_DONE),
      (304, "GET", "Content-Length: 5\r\n", SWERVE_HTTP1_DONE), (205, "GET", "", SWERVE_HTTP1_UNTIL_CLOSE),
      (101, "GET", "", SWERVE_HTTP1_TUNNEL), (101, "GET", "Content-Length: 5\r\n", SWERVE_HTTP1_TUNNEL),
      (200, "CONNECT", "", SWERVE_HTTP1_TUNNEL), (204, "CONNECT", "Content-Length: 5\r\n", SWERVE_HTTP1_TUNNEL),
      (407, "CONNECT", "Content-Length: 5\r\n", SWERVE_HTTP1_LENGTH), (407, "CONNECT", "", SWERVE_HTTP1_UNTIL_CLOSE),
      (100, "CONNECT", "", SWERVE_HTTP1_DONE),
    ] as [(Int, String, String, swerve_http1_phase)])
  func bodyOfAResponse(status: Int, method: String, lines: String, phase: swerve_http1_phase) {
    let request = HTTP1.request("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n").head
    var head = HTTP1.response("HTTP/1.1 \(status) X\r\n\(lines)\r\n").head
    var body = swerve_http1_body()
    swerve_native_http1_body_of_response(&head, request.method, &body)
    #expect(body.phase == phase.rawValue)
    #expect(body.remaining == (phase == SWERVE_HTTP1_LENGTH ? 5 : 0))
  }

  @Test func lengthIsCountedDownToTheByte() {
    let body = HTTP1.body("Content-Length: 10\r\n")
    let text = HTTP1.bytes("0123456789GET /")
    for end in 0...text.count {
      let answer = HTTP1.advance(body, text, ends: [end])
      #expect(answer.taken == 10 && answer.body.phase == SWERVE_HTTP1_DONE.rawValue && answer.body.remaining == 0)
    }
    let part = HTTP1.advance(body, Array(text[..<4]))
    #expect(part.taken == 4 && part.body.phase == SWERVE_HTTP1_LENGTH.rawValue && part.body.remaining == 6)
  }

  @Test(arguments: [SWERVE_HTTP1_UNTIL_CLOSE, SWERVE_HTTP1_TUNNEL]) func everythingBelongs(phase: swerve_http1_phase) {
    let answer = HTTP1.advance(swerve_http1_body(remaining: 0, phase: phase.rawValue, line_length: 0), [1, 2, 3])
    #expect(answer.taken == 3 && answer.body.phase == phase.rawValue)
  }

  @Test(arguments: [SWERVE_HTTP1_DONE, SWERVE_HTTP1_BODY_MALFORMED]) func nothingBelongs(phase: swerve_http1_phase) {
    let answer = HTTP1.advance(swerve_http1_body(remaining: 9, phase: phase.rawValue, line_length: 0), [1, 2, 3])
    #expect(answer.taken == 0 && answer.body.phase == phase.rawValue)
  }

  static let chunked = [
    "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n00b\r\n hello\r\nyou\r\n0\r\n\r\n",
    "A;name=value;other=\"quoted;\t\"\r\n0123456789\r\n0;last\r\nTrailer: x\r\nOther:\ty\r\n\r\n",
    "0000000000000005\r\n\r\n\r\n0\r\n0\r\n\r\n",
  ]

  @Test(arguments: chunked) func chunkedBodyEndsWhereItEnds(text: String) throws {
    let message = HTTP1.bytes(text + "GET / HTTP/1.1\r\n")
    let size = HTTP1.bytes(text).count
    let body = HTTP1.body("Transfer-Encoding: chunked\r\n")
    for end in 0...message.count {
      let answer = HTTP1.advance(body, message, ends: [end])
      try #require(answer.taken == size && answer.body.phase == SWERVE_HTTP1_DONE.rawValue, "after \(end) bytes")
    }
    let bytewise = HTTP1.advance(body, message, ends: Array(0..<message.count))
    #expect(bytewise.taken == size && bytewise.body.phase == SWERVE_HTTP1_DONE.rawValue)
  }

  @Test(arguments: SmugglingTests.chunks) func malformedBodyIsNoLessSoInPieces(
    attack: SmugglingTests.Attack, taken: Int
  ) {
    for end in 0..<attack.lines.unicodeScalars.count {
      let answer = HTTP1.chunks(attack.lines, ends: [end])
      #expect(answer.taken == taken && answer.phase == SWERVE_HTTP1_BODY_MALFORMED.rawValue)
    }
  }

  @Test func chunkOfTheLargestSizeIsCounted() {
    let answer = HTTP1.advance(HTTP1.body("Transfer-Encoding: chunked\r\n"), HTTP1.bytes("ffffffffffffffff\r\nab"))
    #expect(answer.taken == 20 && answer.body.remaining == .max - 2)
    #expect(answer.body.phase == SWERVE_HTTP1_CHUNK_DATA.rawValue)
  }

  /// More chunk headers than one call of the core reads: the native function goes on.
  @Test func manySmallChunks() {
    let text = String(repeating: "1\r\nx\r\n", count: 5000) + "0\r\n\r\n"
    let answer = HTTP1.chunks(text + "rest")
    #expect(answer.taken == text.utf8.count && answer.phase == SWERVE_HTTP1_DONE.rawValue)
  }

  @Test func extensionsAndTrailersAreBounded() {
    let extensions = HTTP1.chunks("5;\(String(repeating: "a", count: 20_000))\r\n")
    let trailers = HTTP1.chunks("0\r\n\(String(repeating: "a: b\r\n", count: 5000))\r\n")
    #expect(extensions.phase == SWERVE_HTTP1_BODY_MALFORMED.rawValue)
    #expect(trailers.phase == SWERVE_HTTP1_BODY_MALFORMED.rawValue)
    let sound = HTTP1.chunks("0\r\n\(String(repeating: "a: b\r\n", count: 2000))\r\n")
    #expect(sound.phase == SWERVE_HTTP1_DONE.rawValue)
  }
}
