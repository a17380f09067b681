// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Traces.TracesData {
  /// Fills a `opentelemetry.proto.trace.v1.TracesData`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.TracesData._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var resourceSpans: BuilderList<Traces.ResourceSpans.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Traces.ResourceSpans {
  /// Fills a `opentelemetry.proto.trace.v1.ResourceSpans`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.ResourceSpans._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var resource: Common.Resource.Builder { @_lifetime(copy self) get { _reference.message(1) } }

    @inlinable public var scopeSpans: BuilderList<Traces.ScopeSpans.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var schemaUrl: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }
  }
}

extension Traces.ScopeSpans {
  /// Fills a `opentelemetry.proto.trace.v1.ScopeSpans`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.ScopeSpans._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var scope: Common.InstrumentationScope.Builder {
      @_lifetime(copy self) get { _reference.message(1) }
    }

    @inlinable public var spans: BuilderList<Traces.Span.Builder> { @_lifetime(copy self) get { _reference.list(2) } }

    @inlinable public var schemaUrl: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }
  }
}

extension Traces.Span {
  /// Fills a `opentelemetry.proto.trace.v1.Span`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.Span._type }
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

    @inlinable public var traceState: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }

    @inlinable public var parentSpanId: [UInt8] {
      get { _reference.bytes(4) }
      nonmutating set { _reference.set(bytes: newValue, 4) }
    }

    @inlinable public var flags: UInt32 {
      get { _reference.number(at: 88, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 88) }
    }

    @inlinable public var name: String {
      get { _reference.text(5) }
      nonmutating set { _reference.set(text: newValue, 5) }
    }

    @inlinable public var kind: Traces.Span.SpanKind {
      get { Traces.Span.SpanKind(rawValue: _reference.number(at: 112, as: Int32.self)) }
      nonmutating set { _reference.set(newValue.rawValue, at: 112) }
    }

    @inlinable public var startTimeUnixNano: UInt64 {
      get { _reference.number(at: 120, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 120) }
    }

    @inlinable public var endTimeUnixNano: UInt64 {
      get { _reference.number(at: 128, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 128) }
    }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(9) }
    }

    @inlinable public var droppedAttributesCount: UInt32 {
      get { _reference.number(at: 152, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 152) }
    }

    @inlinable public var events: BuilderList<Traces.Span.Event.Builder> {
      @_lifetime(copy self) get { _reference.list(11) }
    }

    @inlinable public var droppedEventsCount: UInt32 {
      get { _reference.number(at: 176, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 176) }
    }

    @inlinable public var links: BuilderList<Traces.Span.Link.Builder> {
      @_lifetime(copy self) get { _reference.list(13) }
    }

    @inlinable public var droppedLinksCount: UInt32 {
      get { _reference.number(at: 200, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 200) }
    }

    /// Made when it is asked for.
    @inlinable public var status: Traces.Status.Builder { @_lifetime(copy self) get { _reference.message(15) } }
  }
}

extension Traces.Span.Event {
  /// Fills a `opentelemetry.proto.trace.v1.Span.Event`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.Span.Event._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var timeUnixNano: UInt64 {
      get { _reference.number(at: 24, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var name: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(3) }
    }

    @inlinable public var droppedAttributesCount: UInt32 {
      get { _reference.number(at: 64, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 64) }
    }
  }
}

extension Traces.Span.Link {
  /// Fills a `opentelemetry.proto.trace.v1.Span.Link`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.Span.Link._type }
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

    @inlinable public var traceState: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(4) }
    }

    @inlinable public var droppedAttributesCount: UInt32 {
      get { _reference.number(at: 88, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 88) }
    }

    @inlinable public var flags: UInt32 {
      get { _reference.number(at: 92, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 92) }
    }
  }
}

extension Traces.Status {
  /// Fills a `opentelemetry.proto.trace.v1.Status`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.Status._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var message: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }

    @inlinable public var code: Traces.Status.StatusCode {
      get { Traces.Status.StatusCode(rawValue: _reference.number(at: 40, as: Int32.self)) }
      nonmutating set { _reference.set(newValue.rawValue, at: 40) }
    }
  }
}

extension Traces.ExportRequest {
  /// Fills a `opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.ExportRequest._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var resourceSpans: BuilderList<Traces.ResourceSpans.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Traces.ExportResponse {
  /// Fills a `opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.ExportResponse._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var partialSuccess: Traces.ExportPartialSuccess.Builder {
      @_lifetime(copy self) get { _reference.message(1) }
    }
  }
}

extension Traces.ExportPartialSuccess {
  /// Fills a `opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Traces.ExportPartialSuccess._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var rejectedSpans: Int64 {
      get { _reference.number(at: 24, as: Int64.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var errorMessage: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }
  }
}
