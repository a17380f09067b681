// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1

/// What the parser has made of the bytes read, and the connection has not got to yet.
struct HTTP1RequestParts {
  private let requestsMax: Int
  private var parts = CircularBuffer<HTTPServerRequestPart>()
  private var heads = 0
  /// More requests came than may wait: what is behind those is not kept. A client repeats what was not answered
  /// (RFC 9112, section 9.3.2).
  private(set) var isCut = false

  /// - Parameter requestsMax: besides the one that is being answered.
  init(requestsMax: Int) { self.requestsMax = requestsMax }

  var isEmpty: Bool { parts.isEmpty }

  /// False: it was one request too many.
  mutating func append(_ part: HTTPServerRequestPart) -> Bool {
    guard !isCut else { return true }
    if case .head = part {
      heads += 1
      // The first of them does not wait for another.
      isCut = heads > requestsMax + 1
    }
    if !isCut { parts.append(part) }
    return !isCut
  }

  mutating func popFirst() -> HTTPServerRequestPart? {
    let part = parts.popFirst()
    if case .head = part { heads -= 1 }
    return part
  }

  mutating func removeAll() {
    parts.removeAll()
    heads = 0
  }
}
