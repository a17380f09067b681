// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Logs.LogsData {
  /// Fills a `opentelemetry.proto.logs.v1.LogsData`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Logs.LogsData._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var resourceLogs: BuilderList<Logs.ResourceLogs.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Logs.ResourceLogs {
  /// Fills a `opentelemetry.proto.logs.v1.ResourceLogs`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Logs.ResourceLogs._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var resource: Common.Resource.Builder { @_lifetime(copy self) get { _reference.message(1) } }

    @inlinable public var scopeLogs: BuilderList<Logs.ScopeLogs.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var schemaUrl: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }
  }
}

extension Logs.ScopeLogs {
  /// Fills a `opentelemetry.proto.logs.v1.ScopeLogs`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Logs.ScopeLogs._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var scope: Common.InstrumentationScope.Builder {
      @_lifetime(copy self) get { _reference.message(1) }
    }

    @inlinable public var logRecords: BuilderList<Logs.LogRecord.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var schemaUrl: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }
  }
}

extension Logs.LogRecord {
  /// Fills a `opentelemetry.proto.logs.v1.LogRecord`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Logs.LogRecord._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var timeUnixNano: UInt64 {
      get { _reference.number(at: 24, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var observedTimeUnixNano: UInt64 {
      get { _reference.number(at: 32, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 32) }
    }

    @inlinable public var severityNumber: Logs.SeverityNumber {
      get { Logs.SeverityNumber(rawValue: _reference.number(at: 40, as: Int32.self)) }
      nonmutating set { _reference.set(newValue.rawValue, at: 40) }
    }

    @inlinable public var severityText: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }

    /// Made when it is asked for.
    @inlinable public var body: Common.AnyValue.Builder { @_lifetime(copy self) get { _reference.message(5) } }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(6) }
    }

    @inlinable public var droppedAttributesCount: UInt32 {
      get { _reference.number(at: 88, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 88) }
    }

    @inlinable public var flags: UInt32 {
      get { _reference.number(at: 92, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 92) }
    }

    @inlinable public var traceId: [UInt8] {
      get { _reference.bytes(9) }
      nonmutating set { _reference.set(bytes: newValue, 9) }
    }

    @inlinable public var spanId: [UInt8] {
      get { _reference.bytes(10) }
      nonmutating set { _reference.set(bytes: newValue, 10) }
    }

    @inlinable public var eventName: String {
      get { _reference.text(12) }
      nonmutating set { _reference.set(text: newValue, 12) }
    }
  }
}

extension Logs.ExportRequest {
  /// Fills a `opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Logs.ExportRequest._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var resourceLogs: BuilderList<Logs.ResourceLogs.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Logs.ExportResponse {
  /// Fills a `opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Logs.ExportResponse._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var partialSuccess: Logs.ExportPartialSuccess.Builder {
      @_lifetime(copy self) get { _reference.message(1) }
    }
  }
}

extension Logs.ExportPartialSuccess {
  /// Fills a `opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Logs.ExportPartialSuccess._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var rejectedLogRecords: Int64 {
      get { _reference.number(at: 24, as: Int64.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var errorMessage: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }
  }
}
