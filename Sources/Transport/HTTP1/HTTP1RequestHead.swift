// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHTTP1

/// A request's head, and what of it concerns the connection.
struct HTTP1RequestHead {
  var request: HTTPRequest
  /// Nil for a chunked body; 0 without one.
  var contentLength: Int?
  var expectsContinue: Bool
  var isKeepAlive: Bool
  /// HTTP/1.0: no chunks, no 1xx.
  var isOld: Bool
}

extension HTTP1RequestHead {
  /// Translates what the parser let through, and refuses what two readers could understand differently (RFC 9112,
  /// sections 3.2 and 6.3): the parser reports some of it only after the head, or not at all.
  ///
  /// - Parameter scheme: `http` or `https`, as the connection is.
  init(_ head: HTTPRequestHead, scheme: String, limits: HTTP1Limits) throws(HTTP1Refusal) {
    guard head.uri.utf8.count <= limits.requestLineBytesMax else {
      throw HTTP1Refusal(.uriTooLong, "the request's target is too long", .requestLineTooLong)
    }
    isOld = head.version.minor == 0
    guard head.version.major == 1 else { throw HTTP1Refusal(.httpVersionNotSupported, "speak HTTP/1.1") }
    guard let method = HTTPRequest.Method(head.method.rawValue), !Self.isForeign(head.method) else {
      throw HTTP1Refusal(.notImplemented, "no such method here", .unsupportedRequest)
    }
    guard var fields = HTTP1Fields.read(head.headers) else { throw HTTP1Refusal(.badRequest, "a field has no name") }

    contentLength = try Self.framing(fields, isOld: isOld)
    expectsContinue = try Self.expectsContinue(fields) && !isOld
    // After a request to upgrade, the parser leaves what follows to the other protocol, and there is none here. An HTTP/1.0
    // client that can keep connections is rare, and its agreement is not worth its cases.
    isKeepAlive = head.isKeepAlive && !isOld && !fields.contains(.upgrade)

    let hosts = head.headers["host"]
    guard hosts.count == 1 || (isOld && hosts.isEmpty) else {
      throw HTTP1Refusal(.badRequest, "a request names one host")
    }
    let (authority, path) = try Self.target(head.uri, host: hosts.first ?? "", method: method)
    for name in HTTP1Fields.ofConnection { fields[name] = nil }
    request = HTTPRequest(
      method: method, scheme: scheme, authority: authority, path: path, headerFields: fields)
  }

  /// Methods the parser knows and no server here: a tunnel, and those of RTSP.
  private static func isForeign(_ method: HTTPMethod) -> Bool {
    switch method {
    case .CONNECT, .RAW, .SOURCE: true
    default: false
    }
  }

  /// The body's length; nil when it is chunked.
  private static func framing(_ fields: HTTPFields, isOld: Bool) throws(HTTP1Refusal) -> Int? {
    let codings = fields[values: .transferEncoding]
    let lengths = fields[values: .contentLength]
    if codings.isEmpty {
      guard let text = lengths.first else { return 0 }
      guard lengths.count == 1, let length = HTTP1Fields.length(text) else {
        throw HTTP1Refusal(.badRequest, "content-length is one number")
      }
      return length
    }
    guard lengths.isEmpty else {
      throw HTTP1Refusal(.badRequest, "content-length and transfer-encoding exclude each other")
    }
    guard !isOld else { throw HTTP1Refusal(.badRequest, "HTTP/1.0 has no transfer-encoding") }
    guard codings.count == 1, codings[0].lowercased() == "chunked" else {
      throw HTTP1Refusal(.notImplemented, "the only transfer-encoding here is chunked", .unsupportedRequest)
    }
    return nil
  }

  private static func expectsContinue(_ fields: HTTPFields) throws(HTTP1Refusal) -> Bool {
    guard let expectation = fields[.expect] else { return false }
    guard expectation.lowercased() == "100-continue" else {
      throw HTTP1Refusal(.expectationFailed, "the only expectation is 100-continue", .unsupportedRequest)
    }
    return true
  }

  /// The target's forms (RFC 9112, section 3.2). One with an authority replaces the host field.
  private static func target(
    _ uri: String, host: String, method: HTTPRequest.Method
  ) throws(HTTP1Refusal) -> (authority: String, path: String) {
    if uri.hasPrefix("/") { return (host, uri) }
    if uri == "*", method == .options { return (host, uri) }
    if let separator = uri.utf8.firstIndex(of: UInt8(ascii: ":")), uri[separator...].hasPrefix("://"),
      ["http", "https"].contains(uri[..<separator].lowercased())
    {
      let rest = uri[uri.index(separator, offsetBy: 3)...]
      let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
      let authority = rest[..<end]
      let path = rest[end...]
      if !authority.isEmpty, !authority.contains("@") {
        return (String(authority), path.hasPrefix("/") ? String(path) : "/" + path)
      }
    }
    throw HTTP1Refusal(.badRequest, "the request's target is no path")
  }
}
