// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Traces {
  /// A view of `opentelemetry.proto.trace.v1.TracesData`.
  @frozen public struct TracesData: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 50) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resourceSpans: List<Traces.ResourceSpans> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }
  }
}

extension Traces {
  /// A view of `opentelemetry.proto.trace.v1.ResourceSpans`.
  @frozen public struct ResourceSpans: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 51) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resource: Common.Resource? { @_lifetime(copy self) get { _reference.message(at: 24) } }

    @inlinable public var scopeSpans: List<Traces.ScopeSpans> { @_lifetime(copy self) get { _reference.list(at: 40) } }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }
  }
}

extension Traces {
  /// A view of `opentelemetry.proto.trace.v1.ScopeSpans`.
  @frozen public struct ScopeSpans: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 52) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var scope: Common.InstrumentationScope? {
      @_lifetime(copy self) get { _reference.message(at: 24) }
    }

    @inlinable public var spans: List<Traces.Span> { @_lifetime(copy self) get { _reference.list(at: 40) } }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }
  }
}

extension Traces {
  /// A view of `opentelemetry.proto.trace.v1.Span`.
  @frozen public struct Span: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 53) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var traceId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 24) } }

    @inlinable public var spanId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 40) } }

    @inlinable public var traceState: Text { @_lifetime(copy self) get { _reference.text(at: 56) } }

    @inlinable public var parentSpanId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 72) } }

    @inlinable public var flags: UInt32 { _reference.number(at: 88, as: UInt32.self) }

    @inlinable public var name: Text { @_lifetime(copy self) get { _reference.text(at: 96) } }

    @inlinable public var kind: Traces.Span.SpanKind {
      Traces.Span.SpanKind(rawValue: _reference.number(at: 112, as: Int32.self))
    }

    @inlinable public var startTimeUnixNano: UInt64 { _reference.number(at: 120, as: UInt64.self) }

    @inlinable public var endTimeUnixNano: UInt64 { _reference.number(at: 128, as: UInt64.self) }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 144) } }

    @inlinable public var droppedAttributesCount: UInt32 { _reference.number(at: 152, as: UInt32.self) }

    @inlinable public var events: List<Traces.Span.Event> { @_lifetime(copy self) get { _reference.list(at: 168) } }

    @inlinable public var droppedEventsCount: UInt32 { _reference.number(at: 176, as: UInt32.self) }

    @inlinable public var links: List<Traces.Span.Link> { @_lifetime(copy self) get { _reference.list(at: 192) } }

    @inlinable public var droppedLinksCount: UInt32 { _reference.number(at: 200, as: UInt32.self) }

    @inlinable public var status: Traces.Status? { @_lifetime(copy self) get { _reference.message(at: 208) } }
  }
}

extension Traces.Span {
  /// A view of `opentelemetry.proto.trace.v1.Span.Event`.
  @frozen public struct Event: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 54) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var timeUnixNano: UInt64 { _reference.number(at: 24, as: UInt64.self) }

    @inlinable public var name: Text { @_lifetime(copy self) get { _reference.text(at: 32) } }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 56) } }

    @inlinable public var droppedAttributesCount: UInt32 { _reference.number(at: 64, as: UInt32.self) }
  }
}

extension Traces.Span {
  /// A view of `opentelemetry.proto.trace.v1.Span.Link`.
  @frozen public struct Link: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 55) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var traceId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 24) } }

    @inlinable public var spanId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 40) } }

    @inlinable public var traceState: Text { @_lifetime(copy self) get { _reference.text(at: 56) } }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 80) } }

    @inlinable public var droppedAttributesCount: UInt32 { _reference.number(at: 88, as: UInt32.self) }

    @inlinable public var flags: UInt32 { _reference.number(at: 92, as: UInt32.self) }
  }
}

extension Traces {
  /// A view of `opentelemetry.proto.trace.v1.Status`.
  @frozen public struct Status: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 56) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var message: Text { @_lifetime(copy self) get { _reference.text(at: 24) } }

    @inlinable public var code: Traces.Status.StatusCode {
      Traces.Status.StatusCode(rawValue: _reference.number(at: 40, as: Int32.self))
    }
  }
}

extension Traces {
  /// A view of `opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest`.
  @frozen public struct ExportRequest: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 57) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resourceSpans: List<Traces.ResourceSpans> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }
  }
}

extension Traces {
  /// A view of `opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse`.
  @frozen public struct ExportResponse: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 58) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var partialSuccess: Traces.ExportPartialSuccess? {
      @_lifetime(copy self) get { _reference.message(at: 24) }
    }
  }
}

extension Traces {
  /// A view of `opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess`.
  @frozen public struct ExportPartialSuccess: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 59) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var rejectedSpans: Int64 { _reference.number(at: 24, as: Int64.self) }

    @inlinable public var errorMessage: Text { @_lifetime(copy self) get { _reference.text(at: 32) } }
  }
}

extension Traces.Span {
  /// `opentelemetry.proto.trace.v1.Span.SpanKind`. A number that has no name here is kept as it is.
  @frozen public struct SpanKind: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
    @inlinable public static var unspecified: SpanKind { SpanKind(rawValue: 0) }
    @inlinable public static var `internal`: SpanKind { SpanKind(rawValue: 1) }
    @inlinable public static var server: SpanKind { SpanKind(rawValue: 2) }
    @inlinable public static var client: SpanKind { SpanKind(rawValue: 3) }
    @inlinable public static var producer: SpanKind { SpanKind(rawValue: 4) }
    @inlinable public static var consumer: SpanKind { SpanKind(rawValue: 5) }
  }
}

extension Traces.Status {
  /// `opentelemetry.proto.trace.v1.Status.StatusCode`. A number that has no name here is kept as it is.
  @frozen public struct StatusCode: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
    @inlinable public static var unset: StatusCode { StatusCode(rawValue: 0) }
    @inlinable public static var ok: StatusCode { StatusCode(rawValue: 1) }
    @inlinable public static var error: StatusCode { StatusCode(rawValue: 2) }
  }
}

extension Traces {
  /// `opentelemetry.proto.trace.v1.SpanFlags`. A number that has no name here is kept as it is.
  @frozen public struct SpanFlags: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
    @inlinable public static var doNotUse: SpanFlags { SpanFlags(rawValue: 0) }
    @inlinable public static var traceFlagsMask: SpanFlags { SpanFlags(rawValue: 255) }
    @inlinable public static var contextHasIsRemoteMask: SpanFlags { SpanFlags(rawValue: 256) }
    @inlinable public static var contextIsRemoteMask: SpanFlags { SpanFlags(rawValue: 512) }
  }
}
