// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// The fields of the header block that is being received; a connection has one at a time (RFC 9113, section 4.3).
///
/// Only what is within the limit is kept. nghttp2 has checked the characters, and the rules for pseudo-header fields.
struct HeaderCollector {
  /// What every field counts for besides its bytes (RFC 9113, section 6.5.2).
  static let fieldOverheadBytes = 32

  private let byteCountMax: Int
  private var byteCount = 0
  private var method = ""
  private var scheme: String?
  private var authority: String?
  private var path: String?
  private(set) var status = 0
  private(set) var fields = HTTPFields()
  private(set) var isMalformed = false

  init(byteCountMax: Int) {
    self.byteCountMax = byteCountMax
  }

  var isOversized: Bool { byteCount > byteCountMax }
  /// The peer had been told the limit, and this is no misunderstanding.
  var isFarOversized: Bool { byteCount / 16 > byteCountMax }

  mutating func add(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
    byteCount += name.count + value.count + Self.fieldOverheadBytes
    if isOversized {
      // What was kept so far will not be looked at.
      if !fields.isEmpty { fields = HTTPFields() }
      return
    }
    if name.first == UInt8(ascii: ":") {
      addPseudo(name: String(decoding: name, as: UTF8.self), value: value)
    } else if let name = HTTPField.Name(parsed: String(decoding: name, as: UTF8.self)) {
      fields.append(HTTPField(name: name, lenientValue: value))
    } else {
      isMalformed = true
    }
  }

  private mutating func addPseudo(name: String, value: UnsafeBufferPointer<UInt8>) {
    let value = String(decoding: value, as: UTF8.self)
    switch name {
    case ":method": method = value
    case ":scheme": scheme = value
    case ":authority": authority = value
    case ":path": path = value
    case ":status": status = Int(value) ?? 0
    default: isMalformed = true
    }
  }

  /// Nil when it is malformed.
  func request() -> HTTPRequest? {
    guard !isMalformed, let method = HTTPRequest.Method(method) else { return nil }
    return HTTPRequest(method: method, scheme: scheme, authority: authority, path: path, headerFields: fields)
  }

  /// Nil when it is malformed.
  func response() -> HTTPResponse? {
    guard !isMalformed, (100...599).contains(status) else { return nil }
    return HTTPResponse(status: HTTPResponse.Status(code: status), headerFields: fields)
  }
}
