// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

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
}
