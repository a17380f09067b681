// SPDX-License-Identifier: Apache-2.0

internal import COTLP

/// Fills in a message; made by the builder of the message around it.
public protocol MessageBuilderView: ~Escapable {
  static var _type: MessageType { get }
  var _reference: BuilderReference {
    @_lifetime(copy self) get
  }
  @_lifetime(copy reference)
  init(_ reference: BuilderReference)
}

/// Owns a message that is being built, with the memory it is built in.
///
///     var request = try MessageBuilder<Metrics.ExportRequest.Builder>()
///     let metric = request.root.resourceMetrics.append().scopeMetrics.append().metrics.append()
///     metric.name = "swerve.requests"
///     metric.sum.dataPoints.append { $0.asInt = 1 }
///     let bytes = try request.protobuf()
///
/// Builders are handles: a copy fills the same message.
public struct MessageBuilder<Root: MessageBuilderView & ~Escapable>: ~Copyable {
  private let arena: Arena
  private var message: UnsafeMutableRawPointer

  /// - Throws: when the machine has no memory.
  public init(keptBytesMax: Int = 16 << 20) throws(OTLPError) {
    let arena = try Arena(limit: Int.max, kept: keptBytesMax)
    message = Self.emptyMessage(arena)
    self.arena = arena
  }

  /// A message that is filled at once. A function that makes a message and returns it has to use this form: the compiler
  /// does not let go of an owner that was lent out by `root`.
  ///
  /// - Throws: when the machine has no memory, or what the closure throws.
  public init(keptBytesMax: Int = 16 << 20, _ fill: (Root) throws -> Void) throws {
    let arena = try Arena(limit: Int.max, kept: keptBytesMax)
    let message = Self.emptyMessage(arena)
    let memory = UnsafeMutableRawPointer(arena.pointer)
    try fill(Root(BuilderReference(unsafe: message, arena: memory, type: Root._type)))
    self.arena = arena
    self.message = message
  }

  private static func emptyMessage(_ arena: borrowing Arena) -> UnsafeMutableRawPointer {
    // Never nil: see the arena's reserve in C.
    otlp_arena_message_or_reserve(arena.pointer, otlp_message_of(Root._type.index)).unsafelyUnwrapped
  }

  public var root: Root {
    @_lifetime(borrow self) get {
      let memory = UnsafeMutableRawPointer(arena.pointer)
      let reference = BuilderReference(unsafe: message, arena: memory, type: Root._type)
      return _overrideLifetime(Root(reference), borrowing: self)
    }
  }

  /// The message as a reader would see it.
  ///
  /// - Precondition: the view is the one of the message that the builder fills.
  @_lifetime(borrow self)
  public func view<View: MessageView & ~Escapable>(_ type: View.Type = View.self) -> View {
    precondition(View._type == Root._type, "a view of another message")
    return _overrideLifetime(View(MessageReference(unsafe: UnsafeRawPointer(message))), borrowing: self)
  }

  /// Forgets the message and starts an empty one in the same memory.
  public mutating func reset() {
    arena.reset()
    message = Self.emptyMessage(arena)
  }

  /// - Throws: when memory had run out while the message was built.
  public func protobuf() throws(OTLPError) -> [UInt8] {
    try check()
    return MessageWriting.protobuf(message)
  }

  /// - Throws: when memory had run out while the message was built.
  public func json() throws(OTLPError) -> [UInt8] {
    try check()
    return MessageWriting.json(message, Root._type)
  }

  private func check() throws(OTLPError) {
    if arena.pointer.pointee.failed { throw OTLPError(.tooLarge, reason: "no memory for the message") }
  }
}

/// A builder has one owner; what it lent out does not move with it.
extension MessageBuilder: @unchecked Sendable where Root: ~Escapable {}

extension MessageView where Self: ~Escapable {
  /// The message in protobuf's wire format, with the unknown fields it was read with.
  public func protobuf() -> [UInt8] { MessageWriting.protobuf(_reference.pointer) }

  /// The message in OTLP's JSON, on one line.
  public func json() -> [UInt8] { MessageWriting.json(_reference.pointer, Self._type) }
}

enum MessageWriting {
  static func protobuf(_ message: UnsafeRawPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: otlp_size(message)) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      count = otlp_write(message, base)
    }
  }

  static func json(_ message: UnsafeRawPointer, _ type: MessageType) -> [UInt8] {
    var writing = JSONWriting()
    writing.write(message, otlp_message_of(type.index))
    return writing.bytes
  }
}
