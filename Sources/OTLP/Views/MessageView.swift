// SPDX-License-Identifier: Apache-2.0

/// A message that was read, seen in place. The compiler sees to it that no view outlives the decoder's memory or the
/// input, both of which it points into; what has to be kept is copied (`Text.string`, `Bytes.array`).
public protocol MessageView: ~Escapable {
  static var _type: MessageType { get }
  var _reference: MessageReference {
    @_lifetime(copy self) get
  }
  @_lifetime(copy reference)
  init(_ reference: MessageReference)
}

/// Which message of the published definitions a view shows.
@frozen public struct MessageType: Hashable, Sendable {
  @usableFromInline let index: Int32
  @usableFromInline init(index: Int32) { self.index = index }
}

/// Attributes, resources and scopes, which all signals share.
public enum Common {}
/// Metrics and their collector service.
public enum Metrics {}
/// Spans and their collector service.
public enum Traces {}
/// Log records and their collector service.
public enum Logs {}
/// Profiles and their collector service (v1development).
public enum Profiles {}
