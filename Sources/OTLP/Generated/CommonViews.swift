// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Common {
  /// A view of `opentelemetry.proto.common.v1.AnyValue`.
  @frozen public struct AnyValue: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 0) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    /// The members of the oneof `value`.
    @frozen public enum Value: ~Escapable {
      case stringValue(Text)
      case boolValue(Bool)
      case intValue(Int64)
      case doubleValue(Double)
      case arrayValue(Common.ArrayValue)
      case kvlistValue(Common.KeyValueList)
      case bytesValue(Bytes)
      case stringValueStrindex(Int32)
    }

    /// The member of `value` that is set.
    @inlinable public var value: Value? {
      @_lifetime(copy self) get {
        switch _reference.field(at: 24) {
        case 1: return .stringValue(_reference.text(at: 32))
        case 2: return .boolValue(_reference.bool(at: 32))
        case 3: return .intValue(_reference.number(at: 32, as: Int64.self))
        case 4: return .doubleValue(_reference.number(at: 32, as: Double.self))
        case 5: return .arrayValue(_reference.present(at: 32))
        case 6: return .kvlistValue(_reference.present(at: 32))
        case 7: return .bytesValue(_reference.bytes(at: 32))
        case 8: return .stringValueStrindex(_reference.number(at: 32, as: Int32.self))
        default: return nil
        }
      }
    }
  }
}

extension Common {
  /// A view of `opentelemetry.proto.common.v1.ArrayValue`.
  @frozen public struct ArrayValue: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 1) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var values: List<Common.AnyValue> { @_lifetime(copy self) get { _reference.list(at: 32) } }
  }
}

extension Common {
  /// A view of `opentelemetry.proto.common.v1.KeyValueList`.
  @frozen public struct KeyValueList: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 2) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var values: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 32) } }
  }
}

extension Common {
  /// A view of `opentelemetry.proto.common.v1.KeyValue`.
  @frozen public struct KeyValue: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 3) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var key: Text { @_lifetime(copy self) get { _reference.text(at: 24) } }

    @inlinable public var value: Common.AnyValue? { @_lifetime(copy self) get { _reference.message(at: 40) } }

    @inlinable public var keyStrindex: Int32 { _reference.number(at: 48, as: Int32.self) }
  }
}

extension Common {
  /// A view of `opentelemetry.proto.common.v1.InstrumentationScope`.
  @frozen public struct InstrumentationScope: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 4) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var name: Text { @_lifetime(copy self) get { _reference.text(at: 24) } }

    @inlinable public var version: Text { @_lifetime(copy self) get { _reference.text(at: 40) } }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 64) } }

    @inlinable public var droppedAttributesCount: UInt32 { _reference.number(at: 72, as: UInt32.self) }
  }
}

extension Common {
  /// A view of `opentelemetry.proto.common.v1.EntityRef`.
  @frozen public struct EntityRef: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 5) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 24) } }

    @inlinable public var type: Text { @_lifetime(copy self) get { _reference.text(at: 40) } }

    @inlinable public var idKeys: TextList { @_lifetime(copy self) get { _reference.texts(at: 64) } }

    @inlinable public var descriptionKeys: TextList { @_lifetime(copy self) get { _reference.texts(at: 80) } }
  }
}

extension Common {
  /// A view of `opentelemetry.proto.resource.v1.Resource`.
  @frozen public struct Resource: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 6) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 32) } }

    @inlinable public var droppedAttributesCount: UInt32 { _reference.number(at: 40, as: UInt32.self) }

    @inlinable public var entityRefs: List<Common.EntityRef> { @_lifetime(copy self) get { _reference.list(at: 56) } }
  }
}
