// SPDX-License-Identifier: Apache-2.0

/// The messages of a repeated field, in order.
///
/// A `for` loop over elements that may not escape does not exist in Swift 6.3; there are `for index in list.indices`,
/// `list.forEach { ... }` and `while let element = iterator.next()`.
@frozen public struct List<Element: MessageView & ~Escapable>: ~Escapable {
  @usableFromInline let base: UnsafePointer<UnsafeRawPointer>?
  public let count: Int

  @_lifetime(immortal)
  @usableFromInline init(unsafe base: UnsafePointer<UnsafeRawPointer>?, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable public var isEmpty: Bool { count == 0 }
  @inlinable public var indices: Range<Int> { 0..<count }

  @inlinable public subscript(index: Int) -> Element {
    @_lifetime(copy self) get {
      precondition(index >= 0 && index < count, "index out of the list")
      // The array is there when the count is not 0.
      let pointer = base.unsafelyUnwrapped[index]
      return _overrideLifetime(Element(MessageReference(unsafe: pointer)), copying: self)
    }
  }

  @inlinable public func forEach(_ body: (Element) throws -> Void) rethrows {
    for index in indices { try body(self[index]) }
  }

  @_lifetime(copy self)
  @inlinable public func makeIterator() -> ListIterator<Element> { ListIterator(self) }
}

@frozen public struct ListIterator<Element: MessageView & ~Escapable>: ~Escapable {
  @usableFromInline let list: List<Element>
  @usableFromInline var index = 0

  @_lifetime(copy list)
  @inlinable init(_ list: List<Element>) { self.list = list }

  @_lifetime(copy self)
  @inlinable public mutating func next() -> Element? {
    if index == list.count { return nil }
    index += 1
    return list[index - 1]
  }
}

/// The strings of a repeated field.
@frozen public struct TextList: ~Escapable {
  @usableFromInline let base: UnsafeRawPointer?
  public let count: Int

  @_lifetime(immortal)
  @usableFromInline init(unsafe base: UnsafeRawPointer?, count: Int) {
    self.base = base
    self.count = count
  }

  @inlinable public var isEmpty: Bool { count == 0 }
  @inlinable public var indices: Range<Int> { 0..<count }

  @inlinable public subscript(index: Int) -> Text {
    @_lifetime(copy self) get {
      precondition(index >= 0 && index < count, "index out of the list")
      let reference = MessageReference(unsafe: base.unsafelyUnwrapped)
      return _overrideLifetime(reference.text(at: index * 16), copying: self)
    }
  }

  /// A copy.
  public var strings: [String] { indices.map { self[$0].string } }
}
