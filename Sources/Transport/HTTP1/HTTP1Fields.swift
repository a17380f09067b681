// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOHTTP1

/// Header fields between HTTPTypes and NIOHTTP1.
enum HTTP1Fields {
  /// Fields that belong to one connection (RFC 9110, section 7.6.1), and the host, which is the request's authority. What
  /// HTTP/1.1 needs of them is said by the connection, so that a handler answers alike over HTTP/2, which forbids them.
  static let ofConnection: Set<HTTPField.Name> = {
    let names = ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te", "host"]
    return Set(names.compactMap { HTTPField.Name($0) })
  }()

  /// Nil: a name is no token.
  static func read(_ headers: HTTPHeaders) -> HTTPFields? {
    var fields = HTTPFields()
    fields.reserveCapacity(headers.count)
    for (name, value) in headers {
      guard let name = HTTPField.Name(name) else { return nil }
      fields.append(HTTPField(name: name, value: value))
    }
    return fields
  }

  /// Writes fields but those of the connection. Values are free of line breaks: HTTPField sees to it.
  static func write(_ fields: HTTPFields, to headers: inout HTTPHeaders) {
    headers.reserveCapacity(headers.count + fields.count + 2)
    for field in fields where !ofConnection.contains(field.name) {
      headers.add(name: field.name.rawName, value: field.value)
    }
  }

  static func write(trailers: HTTPFields?) -> HTTPHeaders? {
    guard let trailers, !trailers.isEmpty else { return nil }
    var headers = HTTPHeaders()
    // RFC 9110, section 6.5.1: framing and routing are not for trailers.
    for field in trailers where field.name != .contentLength && !ofConnection.contains(field.name) {
      headers.add(name: field.name.rawName, value: field.value)
    }
    return headers
  }

  /// Nil unless it is decimal digits only and fits.
  static func length(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
