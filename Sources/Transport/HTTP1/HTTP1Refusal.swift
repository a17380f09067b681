// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1

/// Why a request is answered here, with an end of the connection.
struct HTTP1Refusal: Error {
  var status: HTTPResponse.Status
  var message: String
  var reason: ServerStatistics.Reason

  init(_ status: HTTPResponse.Status, _ message: String, _ reason: ServerStatistics.Reason = .malformedRequest) {
    self.status = status
    self.message = message
    self.reason = reason
  }
}

extension HTTP1Refusal {
  /// What the parser found wrong.
  init(_ error: HTTPParserError) {
    switch error {
    case .headerOverflow:
      self.init(.requestHeaderFieldsTooLarge, "the request's head is too large", .headTooLarge)
    case .invalidVersion: self.init(.httpVersionNotSupported, "speak HTTP/1.1")
    default: self.init(.badRequest, "not a request of HTTP/1.1")
    }
  }

  /// One sentence for people.
  var body: ByteBuffer { ByteBuffer(string: message + "\n") }

  var head: HTTPResponseHead {
    let headers: HTTPHeaders = [
      "content-type": "text/plain; charset=utf-8", "content-length": String(body.readableBytes), "connection": "close",
    ]
    let status = HTTPResponseStatus(statusCode: status.code, reasonPhrase: status.reasonPhrase)
    return HTTPResponseHead(version: .http1_1, status: status, headers: headers)
  }
}
