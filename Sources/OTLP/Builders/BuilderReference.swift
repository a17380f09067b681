// SPDX-License-Identifier: Apache-2.0

internal import COTLP

/// Where a message is being built; see `MessageReference`.
@frozen public struct BuilderReference: ~Escapable {
  @usableFromInline let pointer: UnsafeMutableRawPointer
  /// The C arena.
  @usableFromInline let arena: UnsafeMutableRawPointer
  @usableFromInline let type: MessageType

  @_lifetime(immortal)
  @usableFromInline init(unsafe pointer: UnsafeMutableRawPointer, arena: UnsafeMutableRawPointer, type: MessageType) {
    self.pointer = pointer
    self.arena = arena
    self.type = type
  }

  @inlinable func number<Number: BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
    pointer.load(fromByteOffset: offset, as: Number.self)
  }

  @inlinable func set<Number: BitwiseCopyable>(_ number: Number, at offset: Int) {
    pointer.storeBytes(of: number, toByteOffset: offset, as: Number.self)
  }

  /// The number of the field of a oneof that is set, 0 when none is.
  @inlinable func field(at offset: Int) -> UInt32 { number(at: offset, as: UInt32.self) }

  var memory: UnsafeMutablePointer<otlp_arena> { arena.assumingMemoryBound(to: otlp_arena.self) }

  func field(_ number: Int) -> UnsafePointer<otlp_field> { otlp_message_of(type.index).pointee.fields + number }

  // MARK: Messages

  @_lifetime(copy self)
  @usableFromInline func message<Builder: MessageBuilderView & ~Escapable>(_ number: Int) -> Builder {
    let inner = otlp_arena_inner_message(memory, pointer, otlp_message_of(type.index), UInt32(number)).unsafelyUnwrapped
    let reference = BuilderReference(unsafe: inner, arena: arena, type: Builder._type)
    return _overrideLifetime(Builder(reference), copying: self)
  }

  @_lifetime(copy self)
  @usableFromInline func list<Builder: MessageBuilderView & ~Escapable>(_ number: Int) -> BuilderList<Builder> {
    _overrideLifetime(BuilderList(self, number), copying: self)
  }

  @usableFromInline func appendMessage(_ number: Int) -> UnsafeMutableRawPointer {
    otlp_arena_append_message(memory, pointer, field(number)).unsafelyUnwrapped
  }

  @usableFromInline func appendCopy(_ protobuf: [UInt8], _ type: MessageType, _ number: Int) throws(OTLPError) {
    guard let inner = try readCopy(protobuf, type) else { return }
    let field = field(number)
    guard let slot = otlp_arena_append(memory, pointer, field, field.width, 1) else { return }
    slot.storeBytes(of: inner, as: UnsafeRawPointer.self)
    let offset = Int(field.pointee.offset) - 8
    set(self.number(at: offset, as: Int.self) + 1, at: offset)
  }

  /// The bytes are copied first: what is read of them points into the copy, which lives as long as the message.
  func readCopy(_ protobuf: [UInt8], _ type: MessageType) throws(OTLPError) -> UnsafeRawPointer? {
    let bytes = protobuf.withUnsafeBytes { copy($0) }
    if bytes.count < protobuf.count { return nil }
    return try WireReading.read(UnsafeRawBufferPointer(start: bytes.base, count: bytes.count), type, into: memory)
  }

  // MARK: Text and bytes

  @usableFromInline func bytes(_ number: Int) -> [UInt8] { [UInt8](buffer(of: number)) }
  @usableFromInline func text(_ number: Int) -> String { String(decoding: buffer(of: number), as: UTF8.self) }

  @usableFromInline func set(bytes: [UInt8], _ number: Int) {
    bytes.withUnsafeBytes { store(copy($0), at: pointer + Int(field(number).pointee.offset)) }
  }

  @usableFromInline func set(text: String, _ number: Int) {
    var text = text
    text.withUTF8 { store(copy(UnsafeRawBufferPointer($0)), at: pointer + Int(field(number).pointee.offset)) }
  }

  @usableFromInline func texts(_ number: Int) -> [String] {
    let list = MessageReference(unsafe: pointer).texts(at: Int(field(number).pointee.offset))
    return list.strings
  }

  @usableFromInline func set(texts: [String], _ number: Int) {
    guard let slots = clear(number, width: MemoryLayout<otlp_bytes>.size, count: texts.count) else { return }
    for (index, text) in texts.enumerated() {
      var text = text
      text.withUTF8 { store(copy(UnsafeRawBufferPointer($0)), at: slots + index * MemoryLayout<otlp_bytes>.size) }
    }
  }

  private func buffer(of number: Int) -> UnsafeRawBufferPointer {
    let bytes = pointer.load(fromByteOffset: Int(field(number).pointee.offset), as: otlp_bytes.self)
    return UnsafeRawBufferPointer(start: bytes.base, count: bytes.count)
  }

  private func store(_ bytes: otlp_bytes, at slot: UnsafeMutableRawPointer) {
    slot.storeBytes(of: bytes, as: otlp_bytes.self)
  }

  private func copy(_ buffer: UnsafeRawBufferPointer) -> otlp_bytes {
    guard buffer.count > 0, let base = buffer.baseAddress, let memory = otlp_arena_allocate(memory, buffer.count) else {
      return otlp_bytes(count: 0, base: nil)
    }
    memory.copyMemory(from: base, byteCount: buffer.count)
    return otlp_bytes(count: buffer.count, base: memory.assumingMemoryBound(to: UInt8.self))
  }

  // MARK: Lists of numbers

  @usableFromInline func numbers<Number: BitwiseCopyable>(_ number: Int) -> [Number] {
    let offset = Int(field(number).pointee.offset)
    let count = self.number(at: offset - 8, as: Int.self)
    let base = pointer.load(fromByteOffset: offset, as: UnsafePointer<Number>?.self)
    return [Number](UnsafeBufferPointer(start: base, count: count))
  }

  @usableFromInline func set<Number: BitwiseCopyable>(numbers: [Number], _ number: Int) {
    guard let slots = clear(number, width: MemoryLayout<Number>.size, count: numbers.count) else { return }
    numbers.withUnsafeBytes { buffer in
      guard let base = buffer.baseAddress else { return }
      slots.copyMemory(from: base, byteCount: buffer.count)
    }
  }

  /// Makes a list have so many elements, all of them zero.
  private func clear(_ number: Int, width: Int, count: Int) -> UnsafeMutableRawPointer? {
    let field = field(number)
    let offset = Int(field.pointee.offset)
    set(0, at: offset - 8)
    guard count > 0, let slots = otlp_arena_append(memory, pointer, field, width, count) else { return nil }
    set(count, at: offset - 8)
    return slots
  }
}

/// The messages of a repeated field that is being filled.
@frozen public struct BuilderList<Element: MessageBuilderView & ~Escapable>: ~Escapable {
  @usableFromInline let owner: BuilderReference
  @usableFromInline let number: Int

  @_lifetime(copy owner)
  @usableFromInline init(_ owner: BuilderReference, _ number: Int) {
    self.owner = owner
    self.number = number
  }

  /// Adds an empty message.
  @discardableResult @_lifetime(copy self)
  @inlinable public func append() -> Element {
    let pointer = owner.appendMessage(number)
    let reference = BuilderReference(unsafe: pointer, arena: owner.arena, type: Element._type)
    return _overrideLifetime(Element(reference), copying: self)
  }

  /// Adds a copy of a message that was read or built, with its unknown fields.
  ///
  /// - Precondition: the view is one of the message that the list holds.
  /// - Throws: when the message would be nested too deep here.
  public func append<View: MessageView & ~Escapable>(copying view: View) throws(OTLPError) {
    precondition(View._type == Element._type, "a view of another message")
    try owner.appendCopy(view.protobuf(), View._type, number)
  }

  /// Adds a message and fills it.
  @inlinable public func append(_ fill: (Element) throws -> Void) rethrows { try fill(append()) }
}

extension BuilderList where Element == Common.KeyValue.Builder {
  public func append(_ key: String, _ value: String) {
    append {
      $0.key = key
      $0.value.stringValue = value
    }
  }

  public func append(_ key: String, _ value: Int64) {
    append {
      $0.key = key
      $0.value.intValue = value
    }
  }

  @_disfavoredOverload
  public func append(_ key: String, _ value: Double) {
    append {
      $0.key = key
      $0.value.doubleValue = value
    }
  }

  public func append(_ key: String, _ value: Bool) {
    append {
      $0.key = key
      $0.value.boolValue = value
    }
  }
}
