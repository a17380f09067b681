// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Profiles.ProfilesDictionary {
  /// Fills a `opentelemetry.proto.profiles.v1development.ProfilesDictionary`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.ProfilesDictionary._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var mappingTable: BuilderList<Profiles.Mapping.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }

    @inlinable public var locationTable: BuilderList<Profiles.Location.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var functionTable: BuilderList<Profiles.Function.Builder> {
      @_lifetime(copy self) get { _reference.list(3) }
    }

    @inlinable public var linkTable: BuilderList<Profiles.Link.Builder> {
      @_lifetime(copy self) get { _reference.list(4) }
    }

    @inlinable public var stringTable: [String] {
      get { _reference.texts(5) }
      nonmutating set { _reference.set(texts: newValue, 5) }
    }

    @inlinable public var attributeTable: BuilderList<Profiles.KeyValueAndUnit.Builder> {
      @_lifetime(copy self) get { _reference.list(6) }
    }

    @inlinable public var stackTable: BuilderList<Profiles.Stack.Builder> {
      @_lifetime(copy self) get { _reference.list(7) }
    }
  }
}

extension Profiles.ProfilesData {
  /// Fills a `opentelemetry.proto.profiles.v1development.ProfilesData`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.ProfilesData._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var resourceProfiles: BuilderList<Profiles.ResourceProfiles.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }

    /// Made when it is asked for.
    @inlinable public var dictionary: Profiles.ProfilesDictionary.Builder {
      @_lifetime(copy self) get { _reference.message(2) }
    }
  }
}

extension Profiles.ResourceProfiles {
  /// Fills a `opentelemetry.proto.profiles.v1development.ResourceProfiles`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.ResourceProfiles._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var resource: Common.Resource.Builder { @_lifetime(copy self) get { _reference.message(1) } }

    @inlinable public var scopeProfiles: BuilderList<Profiles.ScopeProfiles.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var schemaUrl: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }
  }
}

extension Profiles.ScopeProfiles {
  /// Fills a `opentelemetry.proto.profiles.v1development.ScopeProfiles`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.ScopeProfiles._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var scope: Common.InstrumentationScope.Builder {
      @_lifetime(copy self) get { _reference.message(1) }
    }

    @inlinable public var profiles: BuilderList<Profiles.Profile.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var schemaUrl: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }
  }
}

extension Profiles.Profile {
  /// Fills a `opentelemetry.proto.profiles.v1development.Profile`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.Profile._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var sampleType: Profiles.ValueType.Builder { @_lifetime(copy self) get { _reference.message(1) } }

    @inlinable public var samples: BuilderList<Profiles.Sample.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var timeUnixNano: UInt64 {
      get { _reference.number(at: 48, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 48) }
    }

    @inlinable public var durationNano: UInt64 {
      get { _reference.number(at: 56, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 56) }
    }

    /// Made when it is asked for.
    @inlinable public var periodType: Profiles.ValueType.Builder { @_lifetime(copy self) get { _reference.message(5) } }

    @inlinable public var period: Int64 {
      get { _reference.number(at: 72, as: Int64.self) }
      nonmutating set { _reference.set(newValue, at: 72) }
    }

    @inlinable public var profileId: [UInt8] {
      get { _reference.bytes(7) }
      nonmutating set { _reference.set(bytes: newValue, 7) }
    }

    @inlinable public var droppedAttributesCount: UInt32 {
      get { _reference.number(at: 96, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 96) }
    }

    @inlinable public var originalPayloadFormat: String {
      get { _reference.text(9) }
      nonmutating set { _reference.set(text: newValue, 9) }
    }

    @inlinable public var originalPayload: [UInt8] {
      get { _reference.bytes(10) }
      nonmutating set { _reference.set(bytes: newValue, 10) }
    }

    @inlinable public var attributeIndices: [Int32] {
      get { _reference.numbers(11) }
      nonmutating set { _reference.set(numbers: newValue, 11) }
    }
  }
}

extension Profiles.Link {
  /// Fills a `opentelemetry.proto.profiles.v1development.Link`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.Link._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var traceId: [UInt8] {
      get { _reference.bytes(1) }
      nonmutating set { _reference.set(bytes: newValue, 1) }
    }

    @inlinable public var spanId: [UInt8] {
      get { _reference.bytes(2) }
      nonmutating set { _reference.set(bytes: newValue, 2) }
    }
  }
}

extension Profiles.ValueType {
  /// Fills a `opentelemetry.proto.profiles.v1development.ValueType`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.ValueType._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var typeStrindex: Int32 {
      get { _reference.number(at: 24, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var unitStrindex: Int32 {
      get { _reference.number(at: 28, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 28) }
    }
  }
}

extension Profiles.Sample {
  /// Fills a `opentelemetry.proto.profiles.v1development.Sample`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.Sample._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var stackIndex: Int32 {
      get { _reference.number(at: 24, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var attributeIndices: [Int32] {
      get { _reference.numbers(2) }
      nonmutating set { _reference.set(numbers: newValue, 2) }
    }

    @inlinable public var linkIndex: Int32 {
      get { _reference.number(at: 48, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 48) }
    }

    @inlinable public var values: [Int64] {
      get { _reference.numbers(4) }
      nonmutating set { _reference.set(numbers: newValue, 4) }
    }

    @inlinable public var timestampsUnixNano: [UInt64] {
      get { _reference.numbers(5) }
      nonmutating set { _reference.set(numbers: newValue, 5) }
    }
  }
}

extension Profiles.Mapping {
  /// Fills a `opentelemetry.proto.profiles.v1development.Mapping`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.Mapping._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var memoryStart: UInt64 {
      get { _reference.number(at: 24, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var memoryLimit: UInt64 {
      get { _reference.number(at: 32, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 32) }
    }

    @inlinable public var fileOffset: UInt64 {
      get { _reference.number(at: 40, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }

    @inlinable public var filenameStrindex: Int32 {
      get { _reference.number(at: 48, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 48) }
    }

    @inlinable public var attributeIndices: [Int32] {
      get { _reference.numbers(5) }
      nonmutating set { _reference.set(numbers: newValue, 5) }
    }
  }
}

extension Profiles.Stack {
  /// Fills a `opentelemetry.proto.profiles.v1development.Stack`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.Stack._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var locationIndices: [Int32] {
      get { _reference.numbers(1) }
      nonmutating set { _reference.set(numbers: newValue, 1) }
    }
  }
}

extension Profiles.Location {
  /// Fills a `opentelemetry.proto.profiles.v1development.Location`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.Location._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var mappingIndex: Int32 {
      get { _reference.number(at: 24, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var address: UInt64 {
      get { _reference.number(at: 32, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 32) }
    }

    @inlinable public var lines: BuilderList<Profiles.Line.Builder> { @_lifetime(copy self) get { _reference.list(3) } }

    @inlinable public var attributeIndices: [Int32] {
      get { _reference.numbers(4) }
      nonmutating set { _reference.set(numbers: newValue, 4) }
    }
  }
}

extension Profiles.Line {
  /// Fills a `opentelemetry.proto.profiles.v1development.Line`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.Line._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var functionIndex: Int32 {
      get { _reference.number(at: 24, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var line: Int64 {
      get { _reference.number(at: 32, as: Int64.self) }
      nonmutating set { _reference.set(newValue, at: 32) }
    }

    @inlinable public var column: Int64 {
      get { _reference.number(at: 40, as: Int64.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }
  }
}

extension Profiles.Function {
  /// Fills a `opentelemetry.proto.profiles.v1development.Function`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.Function._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var nameStrindex: Int32 {
      get { _reference.number(at: 24, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var systemNameStrindex: Int32 {
      get { _reference.number(at: 28, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 28) }
    }

    @inlinable public var filenameStrindex: Int32 {
      get { _reference.number(at: 32, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 32) }
    }

    @inlinable public var startLine: Int64 {
      get { _reference.number(at: 40, as: Int64.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }
  }
}

extension Profiles.KeyValueAndUnit {
  /// Fills a `opentelemetry.proto.profiles.v1development.KeyValueAndUnit`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.KeyValueAndUnit._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var keyStrindex: Int32 {
      get { _reference.number(at: 24, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    /// Made when it is asked for.
    @inlinable public var value: Common.AnyValue.Builder { @_lifetime(copy self) get { _reference.message(2) } }

    @inlinable public var unitStrindex: Int32 {
      get { _reference.number(at: 40, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }
  }
}

extension Profiles.ExportRequest {
  /// Fills a `opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.ExportRequest._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var resourceProfiles: BuilderList<Profiles.ResourceProfiles.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }

    /// Made when it is asked for.
    @inlinable public var dictionary: Profiles.ProfilesDictionary.Builder {
      @_lifetime(copy self) get { _reference.message(2) }
    }
  }
}

extension Profiles.ExportResponse {
  /// Fills a `opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceResponse`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.ExportResponse._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var partialSuccess: Profiles.ExportPartialSuccess.Builder {
      @_lifetime(copy self) get { _reference.message(1) }
    }
  }
}

extension Profiles.ExportPartialSuccess {
  /// Fills a `opentelemetry.proto.collector.profiles.v1development.ExportProfilesPartialSuccess`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Profiles.ExportPartialSuccess._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var rejectedProfiles: Int64 {
      get { _reference.number(at: 24, as: Int64.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var errorMessage: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }
  }
}
