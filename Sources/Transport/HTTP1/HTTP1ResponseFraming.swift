// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHTTP1

/// How a response's body ends (RFC 9112, section 6.3).
enum HTTP1ResponseFraming: Equatable {
  /// HEAD, 204, 304: whatever the handler sends of a body is dropped.
  case none
  case length(left: Int)
  case chunked
  /// With the connection: HTTP/1.0 without a length.
  case close

  /// Nil: the handler's content-length is no length.
  init?(_ response: HTTPResponse, to request: HTTP1RequestHead) {
    let lengths = response.headerFields[values: .contentLength]
    let length = lengths.first.flatMap { HTTP1Fields.length($0) }
    guard lengths.isEmpty || (lengths.count == 1 && length != nil) else { return nil }
    switch response.status.code {
    case _ where request.request.method == .head: self = .none
    case 100..<200, 204, 304: self = .none
    default: self = length.map { .length(left: $0) } ?? (request.isOld ? .close : .chunked)
    }
  }

  /// Takes a part of the body. Nil: it has more bytes than the head has said.
  mutating func take(_ byteCount: Int) -> Bool {
    guard case .length(let left) = self else { return true }
    guard byteCount <= left else { return false }
    self = .length(left: left - byteCount)
    return true
  }

  /// Whether the body may end here.
  var isSatisfied: Bool {
    if case .length(let left) = self { left == 0 } else { true }
  }
}
