// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Common.AnyValue {
  /// Fills a `opentelemetry.proto.common.v1.AnyValue`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Common.AnyValue._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var stringValue: String? {
      get { _reference.field(at: 24) == 1 ? _reference.text(1) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 24) == 1 { _reference.set(UInt32(0), at: 24) }
          return
        }
        _reference.set(text: newValue, 1)
        _reference.set(UInt32(1), at: 24)
      }
    }

    @inlinable public var boolValue: Bool? {
      get { _reference.field(at: 24) == 2 ? _reference.number(at: 32, as: Int32.self) != 0 : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 24) == 2 { _reference.set(UInt32(0), at: 24) }
          return
        }
        _reference.set(Int32(newValue ? 1 : 0), at: 32)
        _reference.set(UInt32(2), at: 24)
      }
    }

    @inlinable public var intValue: Int64? {
      get { _reference.field(at: 24) == 3 ? _reference.number(at: 32, as: Int64.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 24) == 3 { _reference.set(UInt32(0), at: 24) }
          return
        }
        _reference.set(newValue, at: 32)
        _reference.set(UInt32(3), at: 24)
      }
    }

    @inlinable public var doubleValue: Double? {
      get { _reference.field(at: 24) == 4 ? _reference.number(at: 32, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 24) == 4 { _reference.set(UInt32(0), at: 24) }
          return
        }
        _reference.set(newValue, at: 32)
        _reference.set(UInt32(4), at: 24)
      }
    }

    /// Made when it is asked for.
    @inlinable public var arrayValue: Common.ArrayValue.Builder { @_lifetime(copy self) get { _reference.message(5) } }

    /// Made when it is asked for.
    @inlinable public var kvlistValue: Common.KeyValueList.Builder {
      @_lifetime(copy self) get { _reference.message(6) }
    }

    @inlinable public var bytesValue: [UInt8]? {
      get { _reference.field(at: 24) == 7 ? _reference.bytes(7) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 24) == 7 { _reference.set(UInt32(0), at: 24) }
          return
        }
        _reference.set(bytes: newValue, 7)
        _reference.set(UInt32(7), at: 24)
      }
    }

    @inlinable public var stringValueStrindex: Int32? {
      get { _reference.field(at: 24) == 8 ? _reference.number(at: 32, as: Int32.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 24) == 8 { _reference.set(UInt32(0), at: 24) }
          return
        }
        _reference.set(newValue, at: 32)
        _reference.set(UInt32(8), at: 24)
      }
    }
  }
}

extension Common.ArrayValue {
  /// Fills a `opentelemetry.proto.common.v1.ArrayValue`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Common.ArrayValue._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var values: BuilderList<Common.AnyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Common.KeyValueList {
  /// Fills a `opentelemetry.proto.common.v1.KeyValueList`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Common.KeyValueList._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var values: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Common.KeyValue {
  /// Fills a `opentelemetry.proto.common.v1.KeyValue`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Common.KeyValue._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var key: String {
      get { _reference.text(1) }
      nonmutating set { _reference.set(text: newValue, 1) }
    }

    /// Made when it is asked for.
    @inlinable public var value: Common.AnyValue.Builder { @_lifetime(copy self) get { _reference.message(2) } }

    @inlinable public var keyStrindex: Int32 {
      get { _reference.number(at: 48, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 48) }
    }
  }
}

extension Common.InstrumentationScope {
  /// Fills a `opentelemetry.proto.common.v1.InstrumentationScope`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Common.InstrumentationScope._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var name: String {
      get { _reference.text(1) }
      nonmutating set { _reference.set(text: newValue, 1) }
    }

    @inlinable public var version: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(3) }
    }

    @inlinable public var droppedAttributesCount: UInt32 {
      get { _reference.number(at: 72, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 72) }
    }
  }
}

extension Common.EntityRef {
  /// Fills a `opentelemetry.proto.common.v1.EntityRef`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Common.EntityRef._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var schemaUrl: String {
      get { _reference.text(1) }
      nonmutating set { _reference.set(text: newValue, 1) }
    }

    @inlinable public var type: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }

    @inlinable public var idKeys: [String] {
      get { _reference.texts(3) }
      nonmutating set { _reference.set(texts: newValue, 3) }
    }

    @inlinable public var descriptionKeys: [String] {
      get { _reference.texts(4) }
      nonmutating set { _reference.set(texts: newValue, 4) }
    }
  }
}

extension Common.Resource {
  /// Fills a `opentelemetry.proto.resource.v1.Resource`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Common.Resource._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }

    @inlinable public var droppedAttributesCount: UInt32 {
      get { _reference.number(at: 40, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }

    @inlinable public var entityRefs: BuilderList<Common.EntityRef.Builder> {
      @_lifetime(copy self) get { _reference.list(3) }
    }
  }
}
