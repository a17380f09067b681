// SPDX-License-Identifier: Apache-2.0

/// What answers when no endpoint may take a request, as it is written. Indirect, so that the many other settings stay small.
indirect enum FallbackRule: Hashable, Sendable {
  /// `namespace/name:port`, or `name:port` of the rule's own namespace.
  case service(String)
  case response(FallbackResponse)

  /// What it comes to: the full name of a service, or a whole response.
  func meaning(namespace: String) -> TrafficSettings.Fallback {
    switch self {
    case .service(let name): .service(name.contains("/") ? name : "\(namespace)/\(name)")
    case .response(let response): .response(response.message)
    }
  }
}

/// A static response.
struct FallbackResponse: Hashable, Sendable {
  struct Header: Hashable, Sendable {
    let name: String
    let value: String
  }

  /// Bytes of a body at most: it is copied into every service that falls back on it.
  static let bodyBytesMax = 1 << 20
  static let headersMax = 64

  var status = 503
  /// By name.
  var headers: [Header] = []
  var body: [UInt8] = []
  /// Where the body came from, relative to the policy file.
  var bodyFile: String?

  /// RFC 9110, 6.4.1: these never have a body.
  var isBodiless: Bool { status == 204 || status == 205 || status == 304 }

  /// The HTTP/1.1 message, head and body.
  var message: [UInt8] {
    var head = "HTTP/1.1 \(status) \(Self.reasons[status] ?? "")\r\n"
    for header in headers { head += "\(header.name): \(header.value)\r\n" }
    if status != 204 && status != 304 { head += "content-length: \(body.count)\r\n" }
    return Array((head + "\r\n").utf8) + body
  }

  private static let reasons = [
    200: "OK", 202: "Accepted", 203: "Non-Authoritative Information", 204: "No Content", 301: "Moved Permanently",
    302: "Found", 303: "See Other", 307: "Temporary Redirect", 308: "Permanent Redirect", 400: "Bad Request",
    403: "Forbidden", 404: "Not Found", 410: "Gone", 429: "Too Many Requests", 500: "Internal Server Error",
    501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
  ]
}
