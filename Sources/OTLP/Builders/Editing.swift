// SPDX-License-Identifier: Apache-2.0

internal import COTLP

extension Decoder {
  /// Reads a message that will be changed before it is sent on. What is added is allocated in the decoder's memory, what
  /// is not touched still points into the input, and unknown fields stay.
  ///
  ///     let request = try decoder.edit(Traces.ExportRequest.Builder.self, from: bytes.span.bytes)
  ///     request.resourceSpans.removeAll { ... }
  ///     let changed = try request.protobuf()
  @_lifetime(&self, copy bytes)
  public mutating func edit<Builder: MessageBuilderView & ~Escapable>(
    _ type: Builder.Type = Builder.self, from bytes: RawSpan, as encoding: MessageEncoding = .protobuf
  ) throws(OTLPError) -> Builder {
    let pointer = try read(Builder._type, from: bytes, as: encoding)
    // The memory was allocated by this decoder, and nobody else holds the message.
    let message = UnsafeMutableRawPointer(mutating: pointer)
    let builder = Builder(BuilderReference(unsafe: message, arena: memory, type: Builder._type))
    return _overrideLifetime(_overrideLifetime(builder, copying: bytes), mutating: &self)
  }
}

extension MessageBuilderView where Self: ~Escapable {
  /// The message as it is now. A view is for looking at once: what the builder adds to a list later, an older view of the
  /// list does not show.
  ///
  /// - Precondition: the view is the one of the message that the builder fills.
  @_lifetime(copy self)
  public func view<View: MessageView & ~Escapable>(_ type: View.Type = View.self) -> View {
    precondition(View._type == Self._type, "a view of another message")
    let view = View(MessageReference(unsafe: UnsafeRawPointer(_reference.pointer)))
    return _overrideLifetime(view, copying: self)
  }

  /// Makes the message the same as another one, which is copied with its unknown fields.
  ///
  /// - Precondition: the view is one of the message that the builder fills.
  /// - Throws: when the message would be nested too deep here.
  public func replace<View: MessageView & ~Escapable>(copying view: View) throws(OTLPError) {
    precondition(View._type == Self._type, "a view of another message")
    guard let copy = try _reference.readCopy(view.protobuf(), View._type) else { return }
    let size = Int(otlp_message_of(View._type.index).pointee.size)
    _reference.pointer.copyMemory(from: copy, byteCount: size)
  }

  /// The message in protobuf's wire format.
  ///
  /// - Throws: when memory had run out while the message was changed.
  public func protobuf() throws(OTLPError) -> [UInt8] {
    if _reference.hasFailed { throw OTLPError(.tooLarge, reason: "no memory for the changed message") }
    return MessageWriting.protobuf(_reference.pointer)
  }
}

extension BuilderList where Element: ~Escapable {
  public var count: Int { owner.count(number) }
  public var isEmpty: Bool { count == 0 }
  public var indices: Range<Int> { 0..<count }

  public subscript(index: Int) -> Element {
    @_lifetime(copy self) get {
      precondition(index >= 0 && index < count, "index out of the list")
      let reference = BuilderReference(
        unsafe: owner.element(index, of: number), arena: owner.arena, type: Element._type)
      return _overrideLifetime(Element(reference), copying: self)
    }
  }

  public func forEach(_ body: (Element) throws -> Void) rethrows {
    for index in indices { try body(self[index]) }
  }

  /// Takes the messages out of which the closure says so; the others keep their order.
  ///
  /// - Returns: how many were taken out.
  @discardableResult
  public func removeAll(where isUnwanted: (Element) throws -> Bool) rethrows -> Int {
    var kept = 0
    let count = count
    for index in 0..<count where try !isUnwanted(self[index]) {
      owner.move(index, to: kept, in: number)
      kept += 1
    }
    owner.truncate(number, to: kept)
    return count - kept
  }
}

extension BuilderReference {
  fileprivate var hasFailed: Bool { memory.pointee.failed }

  private func array(_ number: Int) -> UnsafeMutablePointer<UnsafeMutableRawPointer>? {
    pointer.load(
      fromByteOffset: Int(field(number).pointee.offset), as: UnsafeMutablePointer<UnsafeMutableRawPointer>?.self)
  }

  fileprivate func count(_ number: Int) -> Int {
    self.number(at: Int(field(number).pointee.offset) - 8, as: Int.self)
  }

  fileprivate func element(_ index: Int, of number: Int) -> UnsafeMutableRawPointer {
    // The array is there when the count is not 0, which the caller has looked at.
    array(number).unsafelyUnwrapped[index]
  }

  fileprivate func move(_ index: Int, to other: Int, in number: Int) {
    let array = array(number).unsafelyUnwrapped
    array[other] = array[index]
  }

  fileprivate func truncate(_ number: Int, to count: Int) {
    set(count, at: Int(field(number).pointee.offset) - 8)
  }
}
