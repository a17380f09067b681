// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHTTP1

/// A request's head as HTTP/1.1 writes it.
struct HTTP1ClientRequest {
  let head: HTTPRequestHead
  /// Nil: the body is chunked.
  let length: Int?

  /// Nil: the head would not be read as what it is, or not at all.
  init?(_ request: HTTPRequest, endsHere: Bool) {
    guard let path = request.path, let authority = request.authority,
      request.method != .connect, Self.isVisible(path), Self.isVisible(authority),
      path.hasPrefix("/") || (path == "*" && request.method == .options)
    else { return nil }
    var headers = HTTPHeaders()
    headers.add(name: "host", value: authority)
    HTTP1Fields.write(request.headerFields, to: &headers)

    let lengths = request.headerFields[values: .contentLength]
    if lengths.isEmpty {
      length = endsHere ? 0 : nil
      if !endsHere { headers.add(name: "transfer-encoding", value: "chunked") }
    } else {
      guard lengths.count == 1, let value = HTTP1Fields.length(lengths[0]), !endsHere || value == 0 else { return nil }
      length = value
    }
    // RFC 9110, section 8.6: a method that has content says that there is none.
    if endsHere, lengths.isEmpty, [.post, .put, .patch].contains(request.method) {
      headers.add(name: "content-length", value: "0")
    }
    head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue), uri: path, headers: headers)
  }

  /// Printable ASCII without spaces: nothing that ends a word or a line.
  private static func isVisible(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
  }
}
