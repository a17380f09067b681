// SPDX-License-Identifier: Apache-2.0

import CNghttp2
import HTTPTypes

/// Turns heads and trailers into what nghttp2 takes. One per session, so that its memory is used again.
struct HeaderEncoder {
  private struct Field {
    var start: Int
    var nameLength: Int
    var valueLength: Int
    var flags: UInt8
  }

  private var bytes: [UInt8] = []
  private var fields: [Field] = []
  private var vectors: [nghttp2_nv] = []

  /// As SETTINGS_MAX_HEADER_LIST_SIZE counts (RFC 9113, section 6.5.2).
  var listByteCount: Int { bytes.count + fields.count * HeaderCollector.fieldOverheadBytes }

  mutating func encode(_ request: HTTPRequest) {
    clear()
    add(request.pseudoHeaderFields.method)
    if request.method != .connect {
      add(request.pseudoHeaderFields.scheme)
      add(request.pseudoHeaderFields.path)
    }
    add(request.pseudoHeaderFields.authority)
    add(request.headerFields)
  }

  mutating func encode(_ response: HTTPResponse) {
    clear()
    add(response.pseudoHeaderFields.status)
    add(response.headerFields)
  }

  mutating func encode(trailers: HTTPFields) {
    clear()
    add(trailers)
  }

  /// nghttp2 copies what it is given before it returns.
  mutating func withVectors<Result>(_ body: (UnsafePointer<nghttp2_nv>?, Int) -> Result) -> Result {
    bytes.withUnsafeMutableBufferPointer { bytes in
      vectors.removeAll(keepingCapacity: true)
      if let base = bytes.baseAddress {
        for field in fields {
          let name = base + field.start
          vectors.append(
            nghttp2_nv(
              name: name, value: name + field.nameLength, namelen: field.nameLength, valuelen: field.valueLength,
              flags: field.flags))
        }
      }
      return vectors.withUnsafeBufferPointer { body($0.baseAddress, $0.count) }
    }
  }

  private mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
    fields.removeAll(keepingCapacity: true)
  }

  private mutating func add(_ list: HTTPFields) {
    for field in list where !Self.isConnectionSpecific(field) { add(field) }
  }

  private mutating func add(_ field: HTTPField?) {
    guard let field else { return }
    let start = bytes.count
    bytes.append(contentsOf: field.name.canonicalName.utf8)
    let nameLength = bytes.count - start
    field.withUnsafeBytesOfValue { bytes.append(contentsOf: $0) }
    var flags = UInt8(NGHTTP2_NV_FLAG_NONE.rawValue)
    if field.indexingStrategy == .disallow || field.indexingStrategy == .avoid {
      flags = UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue)
    }
    fields.append(
      Field(start: start, nameLength: nameLength, valueLength: bytes.count - start - nameLength, flags: flags))
  }

  /// Fields that make a message malformed in HTTP/2 (RFC 9113, section 8.2.2): handlers written for either version may
  /// still set them.
  private static func isConnectionSpecific(_ field: HTTPField) -> Bool {
    switch field.name.canonicalName {
    case "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade": true
    case "te": field.value != "trailers"
    default: false
    }
  }
}
