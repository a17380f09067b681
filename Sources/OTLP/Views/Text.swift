// SPDX-License-Identifier: Apache-2.0

/// Bytes of the input, not copied.
@frozen public struct Bytes: ~Escapable {
  @usableFromInline let base: UnsafeRawPointer?
  public let count: Int

  @_lifetime(immortal)
  @usableFromInline init(unsafe base: UnsafeRawPointer?, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable public var isEmpty: Bool { count == 0 }

  @inlinable public var span: RawSpan {
    @_lifetime(copy self) get {
      let span = RawSpan(_unsafeStart: base ?? Self.nowhere, byteCount: count)
      return _overrideLifetime(span, copying: self)
    }
  }

  /// Where a span of no bytes starts.
  @usableFromInline static var nowhere: UnsafeRawPointer { UnsafeRawPointer(bitPattern: 8).unsafelyUnwrapped }

  @usableFromInline var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// A copy.
  public var array: [UInt8] { [UInt8](buffer) }

  /// Lower case, two digits a byte, as ids are written.
  public var hexadecimal: String {
    String(unsafeUninitializedCapacity: 2 * count) { text in
      for (index, byte) in buffer.enumerated() {
        text[2 * index] = Hexadecimal.digit(byte >> 4)
        text[2 * index + 1] = Hexadecimal.digit(byte & 15)
      }
      return 2 * count
    }
  }

  public static func == (bytes: borrowing Bytes, other: [UInt8]) -> Bool { bytes.buffer.elementsEqual(other) }
  public static func == (bytes: borrowing Bytes, other: borrowing Bytes) -> Bool {
    bytes.buffer.elementsEqual(other.buffer)
  }
}

/// Text of the input, not copied; it was found to be UTF-8 when it was read.
@frozen public struct Text: ~Escapable {
  public let bytes: Bytes

  @_lifetime(copy bytes)
  @usableFromInline init(unchecked bytes: Bytes) { self.bytes = bytes }

  @inlinable public var isEmpty: Bool { bytes.isEmpty }

  /// A copy.
  public var string: String { String(decoding: bytes.buffer, as: UTF8.self) }

  public var utf8Span: UTF8Span {
    @_lifetime(copy self) get {
      let span = UTF8Span(unchecked: Swift.Span(_bytes: bytes.span))
      return _overrideLifetime(span, copying: self)
    }
  }

  /// Compares bytes, as keys are compared.
  @inlinable public static func == (text: borrowing Text, other: StaticString) -> Bool {
    text.bytes.count == other.utf8CodeUnitCount
      && text.bytes.buffer.elementsEqual(UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount))
  }
  public static func == (text: borrowing Text, other: borrowing Text) -> Bool { text.bytes == other.bytes }

  @_disfavoredOverload
  public static func == (text: borrowing Text, other: String) -> Bool {
    var other = other
    return other.withUTF8 { text.bytes.buffer.elementsEqual($0) }
  }
}

enum Hexadecimal {
  static func digit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 48 + nibble : 87 + nibble }

  /// The value of a digit in any case; nil when it is none.
  static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 65...70: digit - 55
    case 97...102: digit - 87
    default: nil
    }
  }
}
