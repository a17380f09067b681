// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Logs {
  /// A view of `opentelemetry.proto.logs.v1.LogsData`.
  @frozen public struct LogsData: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 7) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resourceLogs: List<Logs.ResourceLogs> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }
  }
}

extension Logs {
  /// A view of `opentelemetry.proto.logs.v1.ResourceLogs`.
  @frozen public struct ResourceLogs: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 8) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resource: Common.Resource? { @_lifetime(copy self) get { _reference.message(at: 24) } }

    @inlinable public var scopeLogs: List<Logs.ScopeLogs> { @_lifetime(copy self) get { _reference.list(at: 40) } }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }
  }
}

extension Logs {
  /// A view of `opentelemetry.proto.logs.v1.ScopeLogs`.
  @frozen public struct ScopeLogs: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 9) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var scope: Common.InstrumentationScope? {
      @_lifetime(copy self) get { _reference.message(at: 24) }
    }

    @inlinable public var logRecords: List<Logs.LogRecord> { @_lifetime(copy self) get { _reference.list(at: 40) } }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }
  }
}

extension Logs {
  /// A view of `opentelemetry.proto.logs.v1.LogRecord`.
  @frozen public struct LogRecord: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 10) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var timeUnixNano: UInt64 { _reference.number(at: 24, as: UInt64.self) }

    @inlinable public var observedTimeUnixNano: UInt64 { _reference.number(at: 32, as: UInt64.self) }

    @inlinable public var severityNumber: Logs.SeverityNumber {
      Logs.SeverityNumber(rawValue: _reference.number(at: 40, as: Int32.self))
    }

    @inlinable public var severityText: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }

    @inlinable public var body: Common.AnyValue? { @_lifetime(copy self) get { _reference.message(at: 64) } }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 80) } }

    @inlinable public var droppedAttributesCount: UInt32 { _reference.number(at: 88, as: UInt32.self) }

    @inlinable public var flags: UInt32 { _reference.number(at: 92, as: UInt32.self) }

    @inlinable public var traceId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 96) } }

    @inlinable public var spanId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 112) } }

    @inlinable public var eventName: Text { @_lifetime(copy self) get { _reference.text(at: 128) } }
  }
}

extension Logs {
  /// A view of `opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest`.
  @frozen public struct ExportRequest: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 11) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resourceLogs: List<Logs.ResourceLogs> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }
  }
}

extension Logs {
  /// A view of `opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse`.
  @frozen public struct ExportResponse: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 12) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var partialSuccess: Logs.ExportPartialSuccess? {
      @_lifetime(copy self) get { _reference.message(at: 24) }
    }
  }
}

extension Logs {
  /// A view of `opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess`.
  @frozen public struct ExportPartialSuccess: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 13) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var rejectedLogRecords: Int64 { _reference.number(at: 24, as: Int64.self) }

    @inlinable public var errorMessage: Text { @_lifetime(copy self) get { _reference.text(at: 32) } }
  }
}

extension Logs {
  /// `opentelemetry.proto.logs.v1.SeverityNumber`. A number that has no name here is kept as it is.
  @frozen public struct SeverityNumber: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
    @inlinable public static var unspecified: SeverityNumber { SeverityNumber(rawValue: 0) }
    @inlinable public static var trace: SeverityNumber { SeverityNumber(rawValue: 1) }
    @inlinable public static var trace2: SeverityNumber { SeverityNumber(rawValue: 2) }
    @inlinable public static var trace3: SeverityNumber { SeverityNumber(rawValue: 3) }
    @inlinable public static var trace4: SeverityNumber { SeverityNumber(rawValue: 4) }
    @inlinable public static var debug: SeverityNumber { SeverityNumber(rawValue: 5) }
    @inlinable public static var debug2: SeverityNumber { SeverityNumber(rawValue: 6) }
    @inlinable public static var debug3: SeverityNumber { SeverityNumber(rawValue: 7) }
    @inlinable public static var debug4: SeverityNumber { SeverityNumber(rawValue: 8) }
    @inlinable public static var info: SeverityNumber { SeverityNumber(rawValue: 9) }
    @inlinable public static var info2: SeverityNumber { SeverityNumber(rawValue: 10) }
    @inlinable public static var info3: SeverityNumber { SeverityNumber(rawValue: 11) }
    @inlinable public static var info4: SeverityNumber { SeverityNumber(rawValue: 12) }
    @inlinable public static var warn: SeverityNumber { SeverityNumber(rawValue: 13) }
    @inlinable public static var warn2: SeverityNumber { SeverityNumber(rawValue: 14) }
    @inlinable public static var warn3: SeverityNumber { SeverityNumber(rawValue: 15) }
    @inlinable public static var warn4: SeverityNumber { SeverityNumber(rawValue: 16) }
    @inlinable public static var error: SeverityNumber { SeverityNumber(rawValue: 17) }
    @inlinable public static var error2: SeverityNumber { SeverityNumber(rawValue: 18) }
    @inlinable public static var error3: SeverityNumber { SeverityNumber(rawValue: 19) }
    @inlinable public static var error4: SeverityNumber { SeverityNumber(rawValue: 20) }
    @inlinable public static var fatal: SeverityNumber { SeverityNumber(rawValue: 21) }
    @inlinable public static var fatal2: SeverityNumber { SeverityNumber(rawValue: 22) }
    @inlinable public static var fatal3: SeverityNumber { SeverityNumber(rawValue: 23) }
    @inlinable public static var fatal4: SeverityNumber { SeverityNumber(rawValue: 24) }
  }
}

extension Logs {
  /// `opentelemetry.proto.logs.v1.LogRecordFlags`. A number that has no name here is kept as it is.
  @frozen public struct LogRecordFlags: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
    @inlinable public static var doNotUse: LogRecordFlags { LogRecordFlags(rawValue: 0) }
    @inlinable public static var traceFlagsMask: LogRecordFlags { LogRecordFlags(rawValue: 255) }
  }
}
