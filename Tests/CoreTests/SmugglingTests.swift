// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// Requests that two readers may frame in two ways, named as the published attacks are. Each must be malformed: swerve
/// reads bodies only to tell requests apart, and repairs nothing.
@Suite struct SmugglingTests {
  struct Attack: CustomTestStringConvertible, Sendable {
    let name: String
    let lines: String
    var testDescription: String { name }

    init(_ name: String, _ lines: String) {
      self.name = name
      self.lines = lines
    }
  }

  /// Field lines behind `POST /path HTTP/1.1` and a Host.
  static let fields: [Attack] = [
    Attack("CL.TE", "Content-Length: 13\r\nTransfer-Encoding: chunked\r\n"),
    Attack("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"),
    Attack("CL.TE in other case", "content-length: 13\r\nTRANSFER-ENCODING: CHUNKED\r\n"),
    Attack("CL.TE around another field", "Content-Length: 13\r\nX: y\r\nTransfer-Encoding: chunked\r\n"),
    Attack("CL.0 with TE", "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"),
    Attack("TE.TE equal", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
    Attack("TE.TE second unknown", "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow\r\n"),
    Attack("TE.TE first unknown", "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked\r\n"),
    Attack("TE.TE first identity", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n"),
    Attack("TE.TE in other case", "Transfer-Encoding: chunked\r\ntransfer-encoding: x\r\n"),
    Attack("TE xchunked", "Transfer-Encoding: xchunked\r\n"),
    Attack("TE chunkedx", "Transfer-Encoding: chunkedx\r\n"),
    Attack("TE chunke", "Transfer-Encoding: chunke\r\n"),
    Attack("TE empty", "Transfer-Encoding:\r\n"),
    Attack("TE white space only", "Transfer-Encoding: \t \r\n"),
    Attack("TE identity", "Transfer-Encoding: identity\r\n"),
    Attack("TE chunked, identity", "Transfer-Encoding: chunked, identity\r\n"),
    Attack("TE identity, chunked", "Transfer-Encoding: identity, chunked\r\n"),
    Attack("TE gzip, chunked", "Transfer-Encoding: gzip, chunked\r\n"),
    Attack("TE chunked, chunked", "Transfer-Encoding: chunked, chunked\r\n"),
    Attack("TE chunked and comma", "Transfer-Encoding: chunked,\r\n"),
    Attack("TE comma and chunked", "Transfer-Encoding: ,chunked\r\n"),
    Attack("TE chunked and semicolon", "Transfer-Encoding: chunked;q=1\r\n"),
    Attack("TE chunked and space and text", "Transfer-Encoding: chunked foo\r\n"),
    Attack("TE quoted", "Transfer-Encoding: \"chunked\"\r\n"),
    Attack("TE single quoted", "Transfer-Encoding: 'chunked'\r\n"),
    Attack("TE vertical tab before value", "Transfer-Encoding:\u{0b}chunked\r\n"),
    Attack("TE form feed before value", "Transfer-Encoding: \u{0c}chunked\r\n"),
    Attack("TE vertical tab behind value", "Transfer-Encoding: chunked\u{0b}\r\n"),
    Attack("TE NUL behind value", "Transfer-Encoding: chunked\u{0}\r\n"),
    Attack("TE no-break space before value", "Transfer-Encoding: \u{a0}chunked\r\n"),
    Attack("TE byte above 0x7f behind value", "Transfer-Encoding: chunked\u{ff}\r\n"),
    Attack("TE bare CR before value", "Transfer-Encoding: \rchunked\r\n"),
    Attack("TE bare LF before value", "Transfer-Encoding:\nchunked\r\n"),
    Attack("TE behind bare LF", "X: y\nTransfer-Encoding: chunked\r\n"),
    Attack("TE behind bare CR", "X: y\rTransfer-Encoding: chunked\r\n"),
    Attack("TE folded", "Transfer-Encoding:\r\n chunked\r\n"),
    Attack("TE folded with tab", "Transfer-Encoding:\r\n\tchunked\r\n"),
    Attack("TE as folded line of another", "X: y\r\n Transfer-Encoding: chunked\r\n"),
    Attack("TE space before colon", "Transfer-Encoding : chunked\r\n"),
    Attack("TE tab before colon", "Transfer-Encoding\t: chunked\r\n"),
    Attack("TE vertical tab before colon", "Transfer-Encoding\u{0b}: chunked\r\n"),
    Attack("TE CR before colon", "Transfer-Encoding\r: chunked\r\n"),
    Attack("TE space within name", "Transfer- Encoding: chunked\r\n"),
    Attack("TE NUL within name", "Transfer\u{0}-Encoding: chunked\r\n"),
    Attack("TE control character for dash", "Transfer\u{0d}Encoding: chunked\r\n"),
    Attack("TE without colon", "Transfer-Encoding chunked\r\n"),
    Attack("TE bare LF behind value", "Transfer-Encoding: chunked\n\r\n"),
    Attack("CL.CL equal", "Content-Length: 5\r\nContent-Length: 5\r\n"),
    Attack("CL.CL different", "Content-Length: 5\r\nContent-Length: 6\r\n"),
    Attack("CL.CL three times", "Content-Length: 5\r\nContent-Length: 5\r\nContent-Length: 5\r\n"),
    Attack("CL.CL in other case", "Content-Length: 0\r\ncontent-length: 44\r\n"),
    Attack("CL list equal", "Content-Length: 5, 5\r\n"),
    Attack("CL list different", "Content-Length: 5,6\r\n"),
    Attack("CL plus", "Content-Length: +5\r\n"),
    Attack("CL minus", "Content-Length: -5\r\n"),
    Attack("CL minus zero", "Content-Length: -0\r\n"),
    Attack("CL hexadecimal", "Content-Length: 0x5\r\n"),
    Attack("CL hexadecimal digit", "Content-Length: a\r\n"),
    Attack("CL space within", "Content-Length: 5 5\r\n"),
    Attack("CL tab within", "Content-Length: 5\t5\r\n"),
    Attack("CL fraction", "Content-Length: 5.0\r\n"),
    Attack("CL exponent", "Content-Length: 5e1\r\n"),
    Attack("CL underscore", "Content-Length: 5_0\r\n"),
    Attack("CL empty", "Content-Length:\r\n"),
    Attack("CL white space only", "Content-Length:   \r\n"),
    Attack("CL twenty digits", "Content-Length: 18446744073709551621\r\n"),
    Attack("CL leading zeros beyond nineteen digits", "Content-Length: 00000000000000000005\r\n"),
    Attack("CL vertical tab before value", "Content-Length:\u{0b}5\r\n"),
    Attack("CL vertical tab behind value", "Content-Length: 5\u{0b}\r\n"),
    Attack("CL NUL behind value", "Content-Length: 5\u{0}\r\n"),
    Attack("CL no-break space", "Content-Length:\u{a0}5\r\n"),
    Attack("CL superscript digit", "Content-Length: \u{b2}\r\n"),
    Attack("CL bare CR within", "Content-Length: 5\r5\r\n"),
    Attack("CL folded", "Content-Length:\r\n 5\r\n"),
    Attack("CL continued on folded line", "Content-Length: 5\r\n 5\r\n"),
    Attack("CL space before colon", "Content-Length : 5\r\n"),
    Attack("CL tab before colon", "Content-Length\t: 5\r\n"),
    Attack("CL leading space", " Content-Length: 5\r\n"),
    Attack("CL leading tab", "\tContent-Length: 5\r\n"),
    Attack("NUL within name", "X\u{0}Y: z\r\n"),
    Attack("NUL within value", "X: y\u{0}z\r\n"),
    Attack("bare CR within value", "X: y\rz\r\n"),
    Attack("bare LF within value", "X: y\nz\r\n"),
    Attack("CR CR LF", "X: y\r\r\n"),
    Attack("LF CR", "X: y\n\r\n"),
    Attack("empty name", ": y\r\n"),
    Attack("line without colon", "nonsense\r\n"),
    Attack("line of space only", " \r\n"),
    Attack("second request line", "GET /admin HTTP/1.1\r\n"),
    Attack("two Hosts", "Host: b\r\n"),
    Attack("two Hosts in other case", "HOST: b\r\n"),
    Attack("Host with space before colon", "Host : b\r\n"),
    Attack("three Connection lines", "Connection: a\r\nConnection: b\r\nConnection: close\r\n"),
    Attack("empty line of bare LF", "X: y\r\n\n"),
    Attack("empty line of bare CR", "X: y\r\n\rX"),
  ]

  @Test(arguments: fields) func fieldLinesAreMalformed(attack: Attack) {
    #expect(HTTP1.fields(attack.lines).result == SWERVE_HTTP1_MALFORMED)
  }

  /// The harness can tell: the same frame around sound lines is complete.
  @Test(arguments: ["", "X: y\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "X:\ty\tz \r\n"])
  func soundFieldLinesAreComplete(lines: String) {
    #expect(HTTP1.fields(lines).result == SWERVE_HTTP1_COMPLETE)
  }

  static let requestLines: [Attack] = [
    Attack("HTTP/0.9", "GET /"),
    Attack("no target", "GET HTTP/1.1"),
    Attack("empty target", "GET  HTTP/1.1"),
    Attack("two spaces before version", "GET /  HTTP/1.1"),
    Attack("space within target", "GET /a b HTTP/1.1"),
    Attack("space behind version", "GET / HTTP/1.1 "),
    Attack("tab for space", "GET\t/ HTTP/1.1"),
    Attack("tab before version", "GET /\tHTTP/1.1"),
    Attack("vertical tab before version", "GET /\u{0b}HTTP/1.1"),
    Attack("bare CR before version", "GET /\rHTTP/1.1"),
    Attack("NUL within target", "GET /\u{0}/ HTTP/1.1"),
    Attack("NUL within method", "G\u{0}T / HTTP/1.1"),
    Attack("colon within method", "GET: / HTTP/1.1"),
    Attack("parenthesis within method", "GE(T / HTTP/1.1"),
    Attack("version in lower case", "GET / http/1.1"),
    Attack("version 2.0", "GET / HTTP/2.0"),
    Attack("version 0.9", "GET / HTTP/0.9"),
    Attack("version 1.10", "GET / HTTP/1.10"),
    Attack("version 1.x", "GET / HTTP/1.x"),
    Attack("version 1,1", "GET / HTTP/1,1"),
    Attack("version 1.", "GET / HTTP/1."),
    Attack("other protocol", "GET / HTCPCP/1.0"),
  ]

  @Test(arguments: requestLines) func requestLineIsMalformed(attack: Attack) {
    #expect(HTTP1.request("\(attack.lines)\r\nHost: a\r\n\r\n").result == SWERVE_HTTP1_MALFORMED)
  }

  @Test(arguments: ["GET / HTTP/1.1\nHost: a\r\n\r\n", "GET / HTTP/1.1\rHost: a\r\n\r\n", "\nGET / HTTP/1.1\r\n\r\n"])
  func bareLineEndOfRequestLineIsRefused(text: String) {
    let result = HTTP1.request(text).result
    #expect(result == SWERVE_HTTP1_MALFORMED || result == SWERVE_HTTP1_NOT_HTTP)
  }

  /// Chunked bodies, and after how many bytes they are found out.
  static let chunks: [(attack: Attack, taken: Int)] = [
    (Attack("size with plus", "+5\r\nhello\r\n"), 1),
    (Attack("size with minus", "-5\r\nhello\r\n"), 1),
    (Attack("size with 0x", "0x5\r\nhello\r\n"), 2),
    (Attack("size with space before", " 5\r\nhello\r\n"), 1),
    (Attack("size with space behind", "5 \r\nhello\r\n"), 2),
    (Attack("size with tab behind", "5\t\r\nhello\r\n"), 2),
    (Attack("size with space within", "5 5\r\nhello\r\n"), 2),
    (Attack("size with underscore", "5_0\r\nhello\r\n"), 2),
    (Attack("size empty", "\r\nhello\r\n"), 1),
    (Attack("size missing before extension", ";a=b\r\nhello\r\n"), 1),
    (Attack("size overflow to five", "10000000000000005\r\nhello\r\n"), 17),
    (Attack("size of seventeen zeros", "00000000000000000\r\n\r\n"), 17),
    (Attack("size letter beyond f", "5g\r\nhello\r\n"), 2),
    (Attack("size line with bare LF", "5\nhello\r\n"), 2),
    (Attack("size line with bare CR", "5\rhello\r\n"), 3),
    (Attack("size line with CR CR LF", "5\r\r\nhello\r\n"), 3),
    (Attack("extension with bare LF", "5;a\nhello\r\n"), 4),
    (Attack("extension with bare CR", "5;a\rhello\r\n"), 5),
    (Attack("extension with NUL", "5;a\u{0}\r\nhello\r\n"), 4),
    (Attack("data longer than its size", "5\r\nhello!\r\n"), 9),
    (Attack("data with bare LF behind", "5\r\nhello\n0\r\n\r\n"), 9),
    (Attack("data with bare CR behind", "5\r\nhello\r0\r\n\r\n"), 10),
    (Attack("data without line end", "5\r\nhello0\r\n\r\n"), 9),
    (Attack("last chunk with bare LF", "0\n\n"), 2),
    (Attack("last chunk and bare LF", "0\r\n\n"), 4),
    (Attack("last chunk and bare CR", "0\r\n\rX"), 5),
    (Attack("trailer with bare LF", "0\r\nA: b\n\r\n"), 8),
    (Attack("trailer with NUL", "0\r\nA: \u{0}\r\n\r\n"), 7),
    (Attack("trailer folded", "0\r\nA: b\r\n c\r\n\r\n"), 10),
    (Attack("trailer without name", "0\r\n: b\r\n\r\n"), 4),
  ]

  @Test(arguments: chunks) func chunkedBodyIsMalformed(attack: Attack, taken: Int) {
    let answer = HTTP1.chunks(attack.lines)
    #expect(answer.phase == SWERVE_HTTP1_BODY_MALFORMED.rawValue)
    #expect(answer.taken == taken)
  }

  /// CL.0: a body of length 0 ends at once, and what follows is the next request's, never this one's.
  @Test func nothingBelongsToABodyOfLengthZero() {
    let answer = HTTP1.advance(HTTP1.body("Content-Length: 0\r\n"), HTTP1.bytes("GET /admin HTTP/1.1\r\n"))
    #expect(answer.taken == 0 && answer.body.phase == SWERVE_HTTP1_DONE.rawValue)
  }

  @Test func transferEncodingInAnOldVersionIsMalformed() {
    let fields = "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    #expect(HTTP1.request("POST / HTTP/1.0\r\n\(fields)").result == SWERVE_HTTP1_MALFORMED)
    #expect(HTTP1.request("POST / HTTP/1.1\r\n\(fields)").result == SWERVE_HTTP1_COMPLETE)
    #expect(HTTP1.response("HTTP/1.0 200 OK\r\n\(fields)").result == SWERVE_HTTP1_MALFORMED)
  }

  @Test(arguments: [
    "Content-Length: 5\r\nContent-Length: 5\r\n", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
  ])
  func responsesAreNoExceptions(lines: String) {
    #expect(HTTP1.response("HTTP/1.1 200 OK\r\n\(lines)\r\n").result == SWERVE_HTTP1_MALFORMED)
  }
}
