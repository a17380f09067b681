// SPDX-License-Identifier: Apache-2.0

/// Where a message lies. Only this module can make one or look into it; offsets come from the generated views, and
/// generated assertions in C hold them to what the compiler makes of the structs.
@frozen public struct MessageReference: ~Escapable {
  @usableFromInline let pointer: UnsafeRawPointer

  @_lifetime(immortal)
  @usableFromInline init(unsafe pointer: UnsafeRawPointer) { self.pointer = pointer }

  @inlinable func number<Number: BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
    pointer.load(fromByteOffset: offset, as: Number.self)
  }

  @inlinable func bool(at offset: Int) -> Bool { pointer.load(fromByteOffset: offset, as: Int32.self) != 0 }

  /// The number of the field of a oneof that is set, 0 when none is.
  @inlinable func field(at offset: Int) -> UInt32 { pointer.load(fromByteOffset: offset, as: UInt32.self) }

  @_lifetime(copy self)
  @inlinable func bytes(at offset: Int) -> Bytes {
    let bytes = Bytes(
      unsafe: pointer.load(fromByteOffset: offset + 8, as: UnsafeRawPointer?.self),
      count: number(at: offset, as: Int.self))
    return _overrideLifetime(bytes, copying: self)
  }

  @_lifetime(copy self)
  @inlinable func text(at offset: Int) -> Text { Text(unchecked: bytes(at: offset)) }

  @_lifetime(copy self)
  @inlinable func numbers<Number: BitwiseCopyable>(at offset: Int) -> Swift.Span<Number> {
    let count = number(at: offset - 8, as: Int.self)
    let base = pointer.load(fromByteOffset: offset, as: UnsafePointer<Number>?.self)
    let span = Swift.Span(_unsafeElements: UnsafeBufferPointer(start: base, count: count))
    return _overrideLifetime(span, copying: self)
  }

  @_lifetime(copy self)
  @inlinable func texts(at offset: Int) -> TextList {
    let list = TextList(
      unsafe: pointer.load(fromByteOffset: offset, as: UnsafeRawPointer?.self),
      count: number(at: offset - 8, as: Int.self))
    return _overrideLifetime(list, copying: self)
  }

  @_lifetime(copy self)
  @inlinable func list<Element: MessageView & ~Escapable>(at offset: Int) -> List<Element> {
    let list = List<Element>(
      unsafe: pointer.load(fromByteOffset: offset, as: UnsafePointer<UnsafeRawPointer>?.self),
      count: number(at: offset - 8, as: Int.self))
    return _overrideLifetime(list, copying: self)
  }

  @_lifetime(copy self)
  @inlinable func message<Message: MessageView & ~Escapable>(at offset: Int) -> Message? {
    guard let inner = pointer.load(fromByteOffset: offset, as: UnsafeRawPointer?.self) else { return nil }
    return _overrideLifetime(Message(MessageReference(unsafe: inner)), copying: self)
  }

  /// A message of which the case of its oneof says that it is there.
  @_lifetime(copy self)
  @inlinable func present<Message: MessageView & ~Escapable>(at offset: Int) -> Message {
    let inner = pointer.load(fromByteOffset: offset, as: UnsafeRawPointer.self)
    return _overrideLifetime(Message(MessageReference(unsafe: inner)), copying: self)
  }
}
