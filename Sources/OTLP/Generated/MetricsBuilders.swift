// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Metrics.MetricsData {
  /// Fills a `opentelemetry.proto.metrics.v1.MetricsData`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.MetricsData._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var resourceMetrics: BuilderList<Metrics.ResourceMetrics.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Metrics.ResourceMetrics {
  /// Fills a `opentelemetry.proto.metrics.v1.ResourceMetrics`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.ResourceMetrics._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var resource: Common.Resource.Builder { @_lifetime(copy self) get { _reference.message(1) } }

    @inlinable public var scopeMetrics: BuilderList<Metrics.ScopeMetrics.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var schemaUrl: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }
  }
}

extension Metrics.ScopeMetrics {
  /// Fills a `opentelemetry.proto.metrics.v1.ScopeMetrics`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.ScopeMetrics._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var scope: Common.InstrumentationScope.Builder {
      @_lifetime(copy self) get { _reference.message(1) }
    }

    @inlinable public var metrics: BuilderList<Metrics.Metric.Builder> {
      @_lifetime(copy self) get { _reference.list(2) }
    }

    @inlinable public var schemaUrl: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }
  }
}

extension Metrics.Metric {
  /// Fills a `opentelemetry.proto.metrics.v1.Metric`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.Metric._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var name: String {
      get { _reference.text(1) }
      nonmutating set { _reference.set(text: newValue, 1) }
    }

    @inlinable public var description: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }

    @inlinable public var unit: String {
      get { _reference.text(3) }
      nonmutating set { _reference.set(text: newValue, 3) }
    }

    /// Made when it is asked for.
    @inlinable public var gauge: Metrics.Gauge.Builder { @_lifetime(copy self) get { _reference.message(5) } }

    /// Made when it is asked for.
    @inlinable public var sum: Metrics.Sum.Builder { @_lifetime(copy self) get { _reference.message(7) } }

    /// Made when it is asked for.
    @inlinable public var histogram: Metrics.Histogram.Builder { @_lifetime(copy self) get { _reference.message(9) } }

    /// Made when it is asked for.
    @inlinable public var exponentialHistogram: Metrics.ExponentialHistogram.Builder {
      @_lifetime(copy self) get { _reference.message(10) }
    }

    /// Made when it is asked for.
    @inlinable public var summary: Metrics.Summary.Builder { @_lifetime(copy self) get { _reference.message(11) } }

    @inlinable public var metadata: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(12) }
    }
  }
}

extension Metrics.Gauge {
  /// Fills a `opentelemetry.proto.metrics.v1.Gauge`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.Gauge._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var dataPoints: BuilderList<Metrics.NumberDataPoint.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Metrics.Sum {
  /// Fills a `opentelemetry.proto.metrics.v1.Sum`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.Sum._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var dataPoints: BuilderList<Metrics.NumberDataPoint.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }

    @inlinable public var aggregationTemporality: Metrics.AggregationTemporality {
      get { Metrics.AggregationTemporality(rawValue: _reference.number(at: 40, as: Int32.self)) }
      nonmutating set { _reference.set(newValue.rawValue, at: 40) }
    }

    @inlinable public var isMonotonic: Bool {
      get { _reference.number(at: 44, as: Int32.self) != 0 }
      nonmutating set { _reference.set(Int32(newValue ? 1 : 0), at: 44) }
    }
  }
}

extension Metrics.Histogram {
  /// Fills a `opentelemetry.proto.metrics.v1.Histogram`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.Histogram._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var dataPoints: BuilderList<Metrics.HistogramDataPoint.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }

    @inlinable public var aggregationTemporality: Metrics.AggregationTemporality {
      get { Metrics.AggregationTemporality(rawValue: _reference.number(at: 40, as: Int32.self)) }
      nonmutating set { _reference.set(newValue.rawValue, at: 40) }
    }
  }
}

extension Metrics.ExponentialHistogram {
  /// Fills a `opentelemetry.proto.metrics.v1.ExponentialHistogram`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.ExponentialHistogram._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var dataPoints: BuilderList<Metrics.ExponentialHistogramDataPoint.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }

    @inlinable public var aggregationTemporality: Metrics.AggregationTemporality {
      get { Metrics.AggregationTemporality(rawValue: _reference.number(at: 40, as: Int32.self)) }
      nonmutating set { _reference.set(newValue.rawValue, at: 40) }
    }
  }
}

extension Metrics.Summary {
  /// Fills a `opentelemetry.proto.metrics.v1.Summary`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.Summary._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var dataPoints: BuilderList<Metrics.SummaryDataPoint.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Metrics.NumberDataPoint {
  /// Fills a `opentelemetry.proto.metrics.v1.NumberDataPoint`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.NumberDataPoint._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(7) }
    }

    @inlinable public var startTimeUnixNano: UInt64 {
      get { _reference.number(at: 40, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }

    @inlinable public var timeUnixNano: UInt64 {
      get { _reference.number(at: 48, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 48) }
    }

    @inlinable public var asDouble: Double? {
      get { _reference.field(at: 76) == 4 ? _reference.number(at: 80, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 76) == 4 { _reference.set(UInt32(0), at: 76) }
          return
        }
        _reference.set(newValue, at: 80)
        _reference.set(UInt32(4), at: 76)
      }
    }

    @inlinable public var asInt: Int64? {
      get { _reference.field(at: 76) == 6 ? _reference.number(at: 80, as: Int64.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 76) == 6 { _reference.set(UInt32(0), at: 76) }
          return
        }
        _reference.set(newValue, at: 80)
        _reference.set(UInt32(6), at: 76)
      }
    }

    @inlinable public var exemplars: BuilderList<Metrics.Exemplar.Builder> {
      @_lifetime(copy self) get { _reference.list(5) }
    }

    @inlinable public var flags: UInt32 {
      get { _reference.number(at: 72, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 72) }
    }
  }
}

extension Metrics.HistogramDataPoint {
  /// Fills a `opentelemetry.proto.metrics.v1.HistogramDataPoint`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.HistogramDataPoint._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(9) }
    }

    @inlinable public var startTimeUnixNano: UInt64 {
      get { _reference.number(at: 40, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }

    @inlinable public var timeUnixNano: UInt64 {
      get { _reference.number(at: 48, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 48) }
    }

    @inlinable public var count: UInt64 {
      get { _reference.number(at: 56, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 56) }
    }

    @inlinable public var sum: Double? {
      get { _reference.field(at: 116) == 5 ? _reference.number(at: 120, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 116) == 5 { _reference.set(UInt32(0), at: 116) }
          return
        }
        _reference.set(newValue, at: 120)
        _reference.set(UInt32(5), at: 116)
      }
    }

    @inlinable public var bucketCounts: [UInt64] {
      get { _reference.numbers(6) }
      nonmutating set { _reference.set(numbers: newValue, 6) }
    }

    @inlinable public var explicitBounds: [Double] {
      get { _reference.numbers(7) }
      nonmutating set { _reference.set(numbers: newValue, 7) }
    }

    @inlinable public var exemplars: BuilderList<Metrics.Exemplar.Builder> {
      @_lifetime(copy self) get { _reference.list(8) }
    }

    @inlinable public var flags: UInt32 {
      get { _reference.number(at: 112, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 112) }
    }

    @inlinable public var min: Double? {
      get { _reference.field(at: 128) == 11 ? _reference.number(at: 136, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 128) == 11 { _reference.set(UInt32(0), at: 128) }
          return
        }
        _reference.set(newValue, at: 136)
        _reference.set(UInt32(11), at: 128)
      }
    }

    @inlinable public var max: Double? {
      get { _reference.field(at: 144) == 12 ? _reference.number(at: 152, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 144) == 12 { _reference.set(UInt32(0), at: 144) }
          return
        }
        _reference.set(newValue, at: 152)
        _reference.set(UInt32(12), at: 144)
      }
    }
  }
}

extension Metrics.ExponentialHistogramDataPoint {
  /// Fills a `opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.ExponentialHistogramDataPoint._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }

    @inlinable public var startTimeUnixNano: UInt64 {
      get { _reference.number(at: 40, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }

    @inlinable public var timeUnixNano: UInt64 {
      get { _reference.number(at: 48, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 48) }
    }

    @inlinable public var count: UInt64 {
      get { _reference.number(at: 56, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 56) }
    }

    @inlinable public var sum: Double? {
      get { _reference.field(at: 128) == 5 ? _reference.number(at: 136, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 128) == 5 { _reference.set(UInt32(0), at: 128) }
          return
        }
        _reference.set(newValue, at: 136)
        _reference.set(UInt32(5), at: 128)
      }
    }

    @inlinable public var scale: Int32 {
      get { _reference.number(at: 64, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 64) }
    }

    @inlinable public var zeroCount: UInt64 {
      get { _reference.number(at: 72, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 72) }
    }

    /// Made when it is asked for.
    @inlinable public var positive: Metrics.ExponentialHistogramDataPoint.Buckets.Builder {
      @_lifetime(copy self) get { _reference.message(8) }
    }

    /// Made when it is asked for.
    @inlinable public var negative: Metrics.ExponentialHistogramDataPoint.Buckets.Builder {
      @_lifetime(copy self) get { _reference.message(9) }
    }

    @inlinable public var flags: UInt32 {
      get { _reference.number(at: 96, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 96) }
    }

    @inlinable public var exemplars: BuilderList<Metrics.Exemplar.Builder> {
      @_lifetime(copy self) get { _reference.list(11) }
    }

    @inlinable public var min: Double? {
      get { _reference.field(at: 144) == 12 ? _reference.number(at: 152, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 144) == 12 { _reference.set(UInt32(0), at: 144) }
          return
        }
        _reference.set(newValue, at: 152)
        _reference.set(UInt32(12), at: 144)
      }
    }

    @inlinable public var max: Double? {
      get { _reference.field(at: 160) == 13 ? _reference.number(at: 168, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 160) == 13 { _reference.set(UInt32(0), at: 160) }
          return
        }
        _reference.set(newValue, at: 168)
        _reference.set(UInt32(13), at: 160)
      }
    }

    @inlinable public var zeroThreshold: Double {
      get { _reference.number(at: 120, as: Double.self) }
      nonmutating set { _reference.set(newValue, at: 120) }
    }
  }
}

extension Metrics.ExponentialHistogramDataPoint.Buckets {
  /// Fills a `opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.ExponentialHistogramDataPoint.Buckets._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var offset: Int32 {
      get { _reference.number(at: 24, as: Int32.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var bucketCounts: [UInt64] {
      get { _reference.numbers(2) }
      nonmutating set { _reference.set(numbers: newValue, 2) }
    }
  }
}

extension Metrics.SummaryDataPoint {
  /// Fills a `opentelemetry.proto.metrics.v1.SummaryDataPoint`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.SummaryDataPoint._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var attributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(7) }
    }

    @inlinable public var startTimeUnixNano: UInt64 {
      get { _reference.number(at: 40, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }

    @inlinable public var timeUnixNano: UInt64 {
      get { _reference.number(at: 48, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 48) }
    }

    @inlinable public var count: UInt64 {
      get { _reference.number(at: 56, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 56) }
    }

    @inlinable public var sum: Double {
      get { _reference.number(at: 64, as: Double.self) }
      nonmutating set { _reference.set(newValue, at: 64) }
    }

    @inlinable public var quantileValues: BuilderList<Metrics.SummaryDataPoint.ValueAtQuantile.Builder> {
      @_lifetime(copy self) get { _reference.list(6) }
    }

    @inlinable public var flags: UInt32 {
      get { _reference.number(at: 88, as: UInt32.self) }
      nonmutating set { _reference.set(newValue, at: 88) }
    }
  }
}

extension Metrics.SummaryDataPoint.ValueAtQuantile {
  /// Fills a `opentelemetry.proto.metrics.v1.SummaryDataPoint.ValueAtQuantile`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.SummaryDataPoint.ValueAtQuantile._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var quantile: Double {
      get { _reference.number(at: 24, as: Double.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var value: Double {
      get { _reference.number(at: 32, as: Double.self) }
      nonmutating set { _reference.set(newValue, at: 32) }
    }
  }
}

extension Metrics.Exemplar {
  /// Fills a `opentelemetry.proto.metrics.v1.Exemplar`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.Exemplar._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var filteredAttributes: BuilderList<Common.KeyValue.Builder> {
      @_lifetime(copy self) get { _reference.list(7) }
    }

    @inlinable public var timeUnixNano: UInt64 {
      get { _reference.number(at: 40, as: UInt64.self) }
      nonmutating set { _reference.set(newValue, at: 40) }
    }

    @inlinable public var asDouble: Double? {
      get { _reference.field(at: 80) == 3 ? _reference.number(at: 88, as: Double.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 80) == 3 { _reference.set(UInt32(0), at: 80) }
          return
        }
        _reference.set(newValue, at: 88)
        _reference.set(UInt32(3), at: 80)
      }
    }

    @inlinable public var asInt: Int64? {
      get { _reference.field(at: 80) == 6 ? _reference.number(at: 88, as: Int64.self) : nil }
      nonmutating set {
        guard let newValue else {
          if _reference.field(at: 80) == 6 { _reference.set(UInt32(0), at: 80) }
          return
        }
        _reference.set(newValue, at: 88)
        _reference.set(UInt32(6), at: 80)
      }
    }

    @inlinable public var spanId: [UInt8] {
      get { _reference.bytes(4) }
      nonmutating set { _reference.set(bytes: newValue, 4) }
    }

    @inlinable public var traceId: [UInt8] {
      get { _reference.bytes(5) }
      nonmutating set { _reference.set(bytes: newValue, 5) }
    }
  }
}

extension Metrics.ExportRequest {
  /// Fills a `opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.ExportRequest._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var resourceMetrics: BuilderList<Metrics.ResourceMetrics.Builder> {
      @_lifetime(copy self) get { _reference.list(1) }
    }
  }
}

extension Metrics.ExportResponse {
  /// Fills a `opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.ExportResponse._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    /// Made when it is asked for.
    @inlinable public var partialSuccess: Metrics.ExportPartialSuccess.Builder {
      @_lifetime(copy self) get { _reference.message(1) }
    }
  }
}

extension Metrics.ExportPartialSuccess {
  /// Fills a `opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess`. What is not set is left out.
  @frozen public struct Builder: MessageBuilderView, ~Escapable {
    public let _reference: BuilderReference
    @inlinable public static var _type: MessageType { Metrics.ExportPartialSuccess._type }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: BuilderReference) { _reference = reference }

    @inlinable public var rejectedDataPoints: Int64 {
      get { _reference.number(at: 24, as: Int64.self) }
      nonmutating set { _reference.set(newValue, at: 24) }
    }

    @inlinable public var errorMessage: String {
      get { _reference.text(2) }
      nonmutating set { _reference.set(text: newValue, 2) }
    }
  }
}
