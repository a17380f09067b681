// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

@Suite struct HeadTests {
  static let wrk = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n"
  static let traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
  static let rich = """
    POST /orders/17?full=1 HTTP/1.1\r
    host:\t orders.example:8080 \r
    Connection: Keep-Alive, Upgrade\r
    traceparent: \(traceparent)\r
    Expect: 100-Continue\r
    Upgrade: h2c\r
    HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r
    Keep-Alive: timeout=17, max=100\r
    connection: x-custom\r
    Content-Length: 0012\r
    \r

    """
  static let nginx = """
    HTTP/1.1 200 OK\r
    Server: nginx/1.22.1\r
    Date: Tue, 24 Nov 2026 05:00:00 GMT\r
    Content-Type: text/html\r
    Content-Length: 615\r
    Last-Modified: Mon, 23 Nov 2026 10:00:00 GMT\r
    Connection: keep-alive\r
    ETag: "65a1b2c3-267"\r
    Accept-Ranges: bytes\r
    \r

    """

  @Test func minimalRequest() {
    let answer = HTTP1.request(Self.wrk + "GET / HT")
    #expect(answer.result == SWERVE_HTTP1_COMPLETE)
    #expect(answer.head.length == UInt32(Self.wrk.utf8.count) && answer.head.cursor == answer.head.length)
    #expect(answer.head.method == SWERVE_HTTP1_GET.rawValue)
    #expect(answer.head.target == 4 && answer.head.target_length == 1)
    #expect(answer.head.host == 22 && answer.head.host_length == 14)
    #expect(
      answer.head.flags == SWERVE_HTTP1_VERSION_1_1.rawValue | SWERVE_HTTP1_HAS_HOST.rawValue
        | SWERVE_HTTP1_HAS_FIRST_LINE.rawValue)
  }

  @Test func everyFieldThatIsRead() {
    let text = HTTP1.bytes(Self.rich)
    let answer = HTTP1.parse(text)
    var head = answer.head
    func part(_ offset: UInt32, _ length: UInt32) -> String {
      String(decoding: text[Int(offset)..<Int(offset + length)], as: UTF8.self)
    }
    #expect(answer.result == SWERVE_HTTP1_COMPLETE)
    #expect(head.length == UInt32(text.count) && head.content_length == 12)
    #expect(part(head.target, head.target_length) == "/orders/17?full=1")
    #expect(part(head.host, head.host_length) == "orders.example:8080")
    #expect(part(head.traceparent, 55) == Self.traceparent)
    #expect(part(head.connection, head.connection_length) == "Connection: Keep-Alive, Upgrade\r\n")
    #expect(swerve_native_http1_keep_alive_s(text, UInt32(text.count), &head) == 17)
    let absent = [SWERVE_HTTP1_CHUNKED, SWERVE_HTTP1_CLOSE].reduce(0) { $0 | $1.rawValue }
    #expect(head.flags == ~absent & 0x7fff)
  }

  @Test func response() {
    var head = HTTP1.response(Self.nginx).head
    #expect(head.length == UInt32(Self.nginx.utf8.count) && head.status == 200 && head.content_length == 615)
    #expect(head.has(SWERVE_HTTP1_KEEP_ALIVE) && swerve_native_http1_persists(&head) == 1)
  }

  @Test(
    arguments: [
      ("GET", SWERVE_HTTP1_GET), ("HEAD", SWERVE_HTTP1_HEAD), ("POST", SWERVE_HTTP1_POST), ("PUT", SWERVE_HTTP1_PUT),
      ("DELETE", SWERVE_HTTP1_DELETE), ("CONNECT", SWERVE_HTTP1_CONNECT), ("OPTIONS", SWERVE_HTTP1_OPTIONS),
      ("TRACE", SWERVE_HTTP1_TRACE), ("PATCH", SWERVE_HTTP1_PATCH), ("get", SWERVE_HTTP1_OTHER),
      ("GE", SWERVE_HTTP1_OTHER), ("GETS", SWERVE_HTTP1_OTHER), ("PROPFIND", SWERVE_HTTP1_OTHER),
      ("VERSION-CONTROL", SWERVE_HTTP1_OTHER), ("!#$%&'*+-.^_`|~09azAZ", SWERVE_HTTP1_OTHER),
    ] as [(String, swerve_http1_method)])
  func method(name: String, method: swerve_http1_method) {
    let answer = HTTP1.request("\(name) /x HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(answer.result == SWERVE_HTTP1_COMPLETE && answer.head.method == method.rawValue)
    #expect(answer.head.target == UInt32(name.utf8.count + 1) && answer.head.target_length == 2)
  }

  @Test(
    arguments: [
      ("close", SWERVE_HTTP1_CLOSE), ("CLOSE", SWERVE_HTTP1_CLOSE), ("keep-alive", SWERVE_HTTP1_KEEP_ALIVE),
      ("Keep-Alive", SWERVE_HTTP1_KEEP_ALIVE), ("upgrade", SWERVE_HTTP1_CONNECTION_UPGRADE),
      ("closed", SWERVE_HTTP1_CONNECTION_OTHER), ("xclose", SWERVE_HTTP1_CONNECTION_OTHER),
      ("xkeep-alive", SWERVE_HTTP1_CONNECTION_OTHER), ("aaaaaaaaaaaaaakeep-alive", SWERVE_HTTP1_CONNECTION_OTHER),
      ("upgrades", SWERVE_HTTP1_CONNECTION_OTHER), (" , close ,", SWERVE_HTTP1_CLOSE),
    ] as [(String, swerve_http1_flag)])
  func connectionOption(value: String, flag: swerve_http1_flag) {
    let options: [swerve_http1_flag] = [
      SWERVE_HTTP1_CLOSE, SWERVE_HTTP1_KEEP_ALIVE, SWERVE_HTTP1_CONNECTION_UPGRADE, SWERVE_HTTP1_CONNECTION_OTHER,
    ]
    let answer = HTTP1.fields("Connection: \(value)\r\n")
    #expect(options.filter { answer.head.has($0) } == [flag])
  }

  @Test func optionsOfBothConnectionLinesCount() {
    let head = HTTP1.fields("Connection: keep-alive, x-a\r\nConnection: close\r\n").head
    #expect(head.has(SWERVE_HTTP1_CLOSE) && head.has(SWERVE_HTTP1_KEEP_ALIVE))
    #expect(head.has(SWERVE_HTTP1_CONNECTION_OTHER) && head.has(SWERVE_HTTP1_SEVERAL_CONNECTIONS))
  }

  @Test(
    arguments: [
      ("HTTP/1.1", "", 1), ("HTTP/1.0", "", 0), ("HTTP/1.0", "Connection: keep-alive\r\n", 1),
      ("HTTP/1.1", "Connection: close\r\n", 0), ("HTTP/1.9", "", 1),
      ("HTTP/1.0", "Connection: keep-alive, close\r\n", 0),
    ] as [(String, String, Int32)])
  func persistence(version: String, lines: String, persists: Int32) {
    var head = HTTP1.request("GET / \(version)\r\nHost: a\r\n\(lines)\r\n").head
    #expect(swerve_native_http1_persists(&head) == persists)
  }

  @Test func hostIsRequiredOnlyInTheNewVersion() {
    #expect(HTTP1.request("GET / HTTP/1.1\r\nX: y\r\n\r\n").result == SWERVE_HTTP1_MALFORMED)
    #expect(HTTP1.request("GET / HTTP/1.0\r\nX: y\r\n\r\n").result == SWERVE_HTTP1_COMPLETE)
    #expect(HTTP1.request("GET / HTTP/1.0\r\n\r\n").result == SWERVE_HTTP1_COMPLETE)
    #expect(HTTP1.request("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n").result == SWERVE_HTTP1_MALFORMED)
    let empty = HTTP1.request("GET / HTTP/1.1\r\nHost:\r\n\r\n")
    #expect(empty.result == SWERVE_HTTP1_COMPLETE && empty.head.host_length == 0)
  }

  /// Names that only begin like one that is read, or only end like one.
  @Test(
    arguments: [
      "Content-Lengths", "Content-Lengt", "Content-Type", "XContent-Length", "Transfer-Encodings", "Transfer-Encodinx",
      "Transfer_Encoding", "Hosts", "Hos", "Connections", "Connectio", "Expects", "Upgrades", "Trace-Parent",
    ])
  func similarNameIsAnotherField(name: String) {
    let head = HTTP1.fields("\(name): 5\r\n").head
    #expect(head.seen == 1 << SWERVE_HTTP1_FIELD_HOST.rawValue && head.repeated == 0)
  }

  @Test(
    arguments: [
      (traceparent, true), (String(traceparent.dropLast()), false), (traceparent + "0", false),
      (traceparent.replacing("-", with: "_"), false), ("", false),
    ])
  func traceparentIsTakenWhenItHasTheShape(value: String, isTaken: Bool) {
    let head = HTTP1.fields("traceparent: \(value)\r\n").head
    #expect((head.traceparent != 0) == isTaken && head.has(SWERVE_HTTP1_HAS_TRACEPARENT))
    #expect(HTTP1.fields("traceparent: \(value)\r\nTraceparent: \(value)\r\n").head.traceparent == 0)
  }

  @Test(
    arguments: [
      ("GET /a HTTP/1.1", "GET /a?b=c HTTP/1.1", true), ("GET /a HTTP/1.1", "POST /a HTTP/1.1", true),
      ("GET /a HTTP/1.1", "GET /b HTTP/1.1", false), ("GET /aaaaaaa HTTP/1.1", "GET /aaaaaaa?b HTTP/1.1", true),
      ("GET /aaaaaaa HTTP/1.1", "GET /aaaaaaab HTTP/1.1", false),
      ("GET /0123456789abcdef0123456789abcde HTTP/1.1", "GET /0123456789abcdef0123456789abcdef HTTP/1.1", true),
      ("GET /0123456789abcdef0123456789abcde HTTP/1.1", "GET /0123456789abcdef0123456789abcdx HTTP/1.1", false),
    ])
  func targetHashIsOfThePathUpTo32Bytes(one: String, other: String, isEqual: Bool) {
    let hashes = [one, other].map { HTTP1.request("\($0)\r\nHost: a\r\n\r\n").head.target_hash }
    #expect((hashes[0] == hashes[1]) == isEqual)
  }

  @Test(
    arguments: [
      "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}\u{00}\u{01}\u{fc}\u{03}\u{03}", "\u{16}",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\u{0}\u{0}\u{0}\u{0}", "\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}\u{ff}", "\r\n\r\nGET / HTTP/1.1\r\n",
      " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "(GET) / HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
  func otherProtocolsAreRecognised(text: String) {
    #expect(HTTP1.request(text).result == SWERVE_HTTP1_NOT_HTTP)
  }

  @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "*1\r\n$4\r\nPING\r\n", "EHLO mail.example\r\n", "PING\r\n\r\n  "])
  func otherTextProtocolsAreMalformed(text: String) {
    #expect(HTTP1.request(text).result == SWERVE_HTTP1_MALFORMED)
  }

  @Test(
    arguments: [
      "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
      "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 -20 OK\r\n\r\n", "HTTP/1.1\t200 OK\r\n\r\n", "HTTP/1.x 200 OK\r\n\r\n",
      "HTTP/1.1 200 O\u{0}K\r\n\r\n", "HTTP/1.1 200 OK\n\r\n\r\n", "HTTP/1.1 200\tOK\r\n\r\n",
      "HTTP/1.1 200 OK\rX: y\r\n\r\n",
    ])
  func statusLineIsMalformed(text: String) {
    #expect(HTTP1.response(text).result == SWERVE_HTTP1_MALFORMED)
  }

  @Test(arguments: ["HTTP/1.1 404\r\n\r\n", "HTTP/1.1 404 \r\n\r\n", "HTTP/1.0 404 not \t\u{e4} there\r\n\r\n"])
  func reasonMayBeMissingOrAnyText(text: String) {
    let answer = HTTP1.response(text)
    #expect(answer.result == SWERVE_HTTP1_COMPLETE && answer.head.status == 404)
  }

  @Test(arguments: ["HTTP/2.0 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "http/1.1 200 OK\r\n\r\n"])
  func responseOfAnotherProtocolIsRecognised(text: String) {
    #expect(HTTP1.response(text).result == SWERVE_HTTP1_NOT_HTTP)
  }

  @Test func oneEmptyLineBeforeARequestIsIgnored() {
    let answer = HTTP1.request("\r\n" + Self.wrk)
    #expect(answer.result == SWERVE_HTTP1_COMPLETE && answer.head.length == UInt32(Self.wrk.utf8.count + 2))
    #expect(answer.head.target == 6)
  }

  @Test func headThatFillsTheLimitIsCompleteAndOneByteMoreTooLong() {
    let size = UInt32(Self.wrk.utf8.count)
    #expect(HTTP1.request(Self.wrk, limit: size).result == SWERVE_HTTP1_COMPLETE)
    #expect(HTTP1.request(Self.wrk + "more of it", limit: size).result == SWERVE_HTTP1_COMPLETE)
    #expect(HTTP1.request(Self.wrk, limit: size - 1).result == SWERVE_HTTP1_TOO_LONG)
    let long = "GET /\(String(repeating: "a", count: 100_000))"
    #expect(HTTP1.request(long).result == SWERVE_HTTP1_TOO_LONG)
    #expect(HTTP1.request(String(long.prefix(90_000))).result == SWERVE_HTTP1_INCOMPLETE)
  }

  @Test func headMayBeginAnywhere() {
    let text = HTTP1.bytes("0123456789" + Self.rich)
    let (here, there) = (HTTP1.parse(text, start: 10), HTTP1.parse(Array(text[10...])))
    #expect(here.result == SWERVE_HTTP1_COMPLETE && here.head.length == there.head.length)
    #expect(here.head.host == there.head.host + 10 && here.head.content_length == there.head.content_length)
  }

  @Test(arguments: [(wrk, false), (rich, false), ("\r\n" + wrk, false), (nginx, true)])
  func headInTwoPiecesIsTheHeadInOne(text: String, isResponse: Bool) throws {
    let text = HTTP1.bytes(text)
    let whole = HTTP1.parse(text, isResponse: isResponse)
    try #require(whole.result == SWERVE_HTTP1_COMPLETE)
    for end in 0..<text.count {
      let answer = HTTP1.parse(text, isResponse: isResponse, ends: [end])
      try #require(areEqual(answer, whole), "after \(end) bytes")
    }
    #expect(areEqual(HTTP1.parse(text, isResponse: isResponse, ends: Array(0..<text.count)), whole))
  }

  @Test(arguments: SmugglingTests.fields) func malformedHeadIsNoLessSoInPieces(attack: SmugglingTests.Attack) throws {
    let text = HTTP1.bytes("POST /path HTTP/1.1\r\nHost: a\r\n\(attack.lines)\r\n")
    for end in 0..<text.count {
      try #require(HTTP1.parse(text, ends: [end]).result == SWERVE_HTTP1_MALFORMED, "after \(end) bytes")
    }
  }

  private func areEqual(_ left: HTTP1.Answer, _ right: HTTP1.Answer) -> Bool {
    left.result == right.result
      && withUnsafeBytes(of: left.head) { left in
        withUnsafeBytes(of: right.head) { left.elementsEqual($0) }
      }
  }
}
