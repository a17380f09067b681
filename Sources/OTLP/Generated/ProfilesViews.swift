// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.ProfilesDictionary`.
  @frozen public struct ProfilesDictionary: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 33) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var mappingTable: List<Profiles.Mapping> { @_lifetime(copy self) get { _reference.list(at: 32) } }

    @inlinable public var locationTable: List<Profiles.Location> {
      @_lifetime(copy self) get { _reference.list(at: 48) }
    }

    @inlinable public var functionTable: List<Profiles.Function> {
      @_lifetime(copy self) get { _reference.list(at: 64) }
    }

    @inlinable public var linkTable: List<Profiles.Link> { @_lifetime(copy self) get { _reference.list(at: 80) } }

    @inlinable public var stringTable: TextList { @_lifetime(copy self) get { _reference.texts(at: 96) } }

    @inlinable public var attributeTable: List<Profiles.KeyValueAndUnit> {
      @_lifetime(copy self) get { _reference.list(at: 112) }
    }

    @inlinable public var stackTable: List<Profiles.Stack> { @_lifetime(copy self) get { _reference.list(at: 128) } }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.ProfilesData`.
  @frozen public struct ProfilesData: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 34) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resourceProfiles: List<Profiles.ResourceProfiles> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }

    @inlinable public var dictionary: Profiles.ProfilesDictionary? {
      @_lifetime(copy self) get { _reference.message(at: 40) }
    }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.ResourceProfiles`.
  @frozen public struct ResourceProfiles: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 35) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resource: Common.Resource? { @_lifetime(copy self) get { _reference.message(at: 24) } }

    @inlinable public var scopeProfiles: List<Profiles.ScopeProfiles> {
      @_lifetime(copy self) get { _reference.list(at: 40) }
    }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.ScopeProfiles`.
  @frozen public struct ScopeProfiles: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 36) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var scope: Common.InstrumentationScope? {
      @_lifetime(copy self) get { _reference.message(at: 24) }
    }

    @inlinable public var profiles: List<Profiles.Profile> { @_lifetime(copy self) get { _reference.list(at: 40) } }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.Profile`.
  @frozen public struct Profile: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 37) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var sampleType: Profiles.ValueType? { @_lifetime(copy self) get { _reference.message(at: 24) } }

    @inlinable public var samples: List<Profiles.Sample> { @_lifetime(copy self) get { _reference.list(at: 40) } }

    @inlinable public var timeUnixNano: UInt64 { _reference.number(at: 48, as: UInt64.self) }

    @inlinable public var durationNano: UInt64 { _reference.number(at: 56, as: UInt64.self) }

    @inlinable public var periodType: Profiles.ValueType? { @_lifetime(copy self) get { _reference.message(at: 64) } }

    @inlinable public var period: Int64 { _reference.number(at: 72, as: Int64.self) }

    @inlinable public var profileId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 80) } }

    @inlinable public var droppedAttributesCount: UInt32 { _reference.number(at: 96, as: UInt32.self) }

    @inlinable public var originalPayloadFormat: Text { @_lifetime(copy self) get { _reference.text(at: 104) } }

    @inlinable public var originalPayload: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 120) } }

    @inlinable public var attributeIndices: Swift.Span<Int32> {
      @_lifetime(copy self) get { _reference.numbers(at: 144) }
    }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.Link`.
  @frozen public struct Link: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 38) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var traceId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 24) } }

    @inlinable public var spanId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 40) } }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.ValueType`.
  @frozen public struct ValueType: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 39) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var typeStrindex: Int32 { _reference.number(at: 24, as: Int32.self) }

    @inlinable public var unitStrindex: Int32 { _reference.number(at: 28, as: Int32.self) }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.Sample`.
  @frozen public struct Sample: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 40) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var stackIndex: Int32 { _reference.number(at: 24, as: Int32.self) }

    @inlinable public var attributeIndices: Swift.Span<Int32> {
      @_lifetime(copy self) get { _reference.numbers(at: 40) }
    }

    @inlinable public var linkIndex: Int32 { _reference.number(at: 48, as: Int32.self) }

    @inlinable public var values: Swift.Span<Int64> { @_lifetime(copy self) get { _reference.numbers(at: 64) } }

    @inlinable public var timestampsUnixNano: Swift.Span<UInt64> {
      @_lifetime(copy self) get { _reference.numbers(at: 80) }
    }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.Mapping`.
  @frozen public struct Mapping: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 41) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var memoryStart: UInt64 { _reference.number(at: 24, as: UInt64.self) }

    @inlinable public var memoryLimit: UInt64 { _reference.number(at: 32, as: UInt64.self) }

    @inlinable public var fileOffset: UInt64 { _reference.number(at: 40, as: UInt64.self) }

    @inlinable public var filenameStrindex: Int32 { _reference.number(at: 48, as: Int32.self) }

    @inlinable public var attributeIndices: Swift.Span<Int32> {
      @_lifetime(copy self) get { _reference.numbers(at: 64) }
    }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.Stack`.
  @frozen public struct Stack: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 42) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var locationIndices: Swift.Span<Int32> {
      @_lifetime(copy self) get { _reference.numbers(at: 32) }
    }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.Location`.
  @frozen public struct Location: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 43) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var mappingIndex: Int32 { _reference.number(at: 24, as: Int32.self) }

    @inlinable public var address: UInt64 { _reference.number(at: 32, as: UInt64.self) }

    @inlinable public var lines: List<Profiles.Line> { @_lifetime(copy self) get { _reference.list(at: 48) } }

    @inlinable public var attributeIndices: Swift.Span<Int32> {
      @_lifetime(copy self) get { _reference.numbers(at: 64) }
    }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.Line`.
  @frozen public struct Line: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 44) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var functionIndex: Int32 { _reference.number(at: 24, as: Int32.self) }

    @inlinable public var line: Int64 { _reference.number(at: 32, as: Int64.self) }

    @inlinable public var column: Int64 { _reference.number(at: 40, as: Int64.self) }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.Function`.
  @frozen public struct Function: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 45) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var nameStrindex: Int32 { _reference.number(at: 24, as: Int32.self) }

    @inlinable public var systemNameStrindex: Int32 { _reference.number(at: 28, as: Int32.self) }

    @inlinable public var filenameStrindex: Int32 { _reference.number(at: 32, as: Int32.self) }

    @inlinable public var startLine: Int64 { _reference.number(at: 40, as: Int64.self) }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.profiles.v1development.KeyValueAndUnit`.
  @frozen public struct KeyValueAndUnit: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 46) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var keyStrindex: Int32 { _reference.number(at: 24, as: Int32.self) }

    @inlinable public var value: Common.AnyValue? { @_lifetime(copy self) get { _reference.message(at: 32) } }

    @inlinable public var unitStrindex: Int32 { _reference.number(at: 40, as: Int32.self) }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest`.
  @frozen public struct ExportRequest: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 47) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resourceProfiles: List<Profiles.ResourceProfiles> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }

    @inlinable public var dictionary: Profiles.ProfilesDictionary? {
      @_lifetime(copy self) get { _reference.message(at: 40) }
    }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceResponse`.
  @frozen public struct ExportResponse: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 48) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var partialSuccess: Profiles.ExportPartialSuccess? {
      @_lifetime(copy self) get { _reference.message(at: 24) }
    }
  }
}

extension Profiles {
  /// A view of `opentelemetry.proto.collector.profiles.v1development.ExportProfilesPartialSuccess`.
  @frozen public struct ExportPartialSuccess: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 49) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var rejectedProfiles: Int64 { _reference.number(at: 24, as: Int64.self) }

    @inlinable public var errorMessage: Text { @_lifetime(copy self) get { _reference.text(at: 32) } }
  }
}
