// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.MetricsData`.
  @frozen public struct MetricsData: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 14) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resourceMetrics: List<Metrics.ResourceMetrics> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.ResourceMetrics`.
  @frozen public struct ResourceMetrics: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 15) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resource: Common.Resource? { @_lifetime(copy self) get { _reference.message(at: 24) } }

    @inlinable public var scopeMetrics: List<Metrics.ScopeMetrics> {
      @_lifetime(copy self) get { _reference.list(at: 40) }
    }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.ScopeMetrics`.
  @frozen public struct ScopeMetrics: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 16) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var scope: Common.InstrumentationScope? {
      @_lifetime(copy self) get { _reference.message(at: 24) }
    }

    @inlinable public var metrics: List<Metrics.Metric> { @_lifetime(copy self) get { _reference.list(at: 40) } }

    @inlinable public var schemaUrl: Text { @_lifetime(copy self) get { _reference.text(at: 48) } }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.Metric`.
  @frozen public struct Metric: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 17) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var name: Text { @_lifetime(copy self) get { _reference.text(at: 24) } }

    @inlinable public var description: Text { @_lifetime(copy self) get { _reference.text(at: 40) } }

    @inlinable public var unit: Text { @_lifetime(copy self) get { _reference.text(at: 56) } }

    @inlinable public var metadata: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 80) } }

    /// The members of the oneof `data`.
    @frozen public enum Data: ~Escapable {
      case gauge(Metrics.Gauge)
      case sum(Metrics.Sum)
      case histogram(Metrics.Histogram)
      case exponentialHistogram(Metrics.ExponentialHistogram)
      case summary(Metrics.Summary)
    }

    /// The member of `data` that is set.
    @inlinable public var data: Data? {
      @_lifetime(copy self) get {
        switch _reference.field(at: 88) {
        case 5: return .gauge(_reference.present(at: 96))
        case 7: return .sum(_reference.present(at: 96))
        case 9: return .histogram(_reference.present(at: 96))
        case 10: return .exponentialHistogram(_reference.present(at: 96))
        case 11: return .summary(_reference.present(at: 96))
        default: return nil
        }
      }
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.Gauge`.
  @frozen public struct Gauge: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 18) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var dataPoints: List<Metrics.NumberDataPoint> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.Sum`.
  @frozen public struct Sum: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 19) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var dataPoints: List<Metrics.NumberDataPoint> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }

    @inlinable public var aggregationTemporality: Metrics.AggregationTemporality {
      Metrics.AggregationTemporality(rawValue: _reference.number(at: 40, as: Int32.self))
    }

    @inlinable public var isMonotonic: Bool { _reference.bool(at: 44) }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.Histogram`.
  @frozen public struct Histogram: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 20) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var dataPoints: List<Metrics.HistogramDataPoint> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }

    @inlinable public var aggregationTemporality: Metrics.AggregationTemporality {
      Metrics.AggregationTemporality(rawValue: _reference.number(at: 40, as: Int32.self))
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.ExponentialHistogram`.
  @frozen public struct ExponentialHistogram: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 21) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var dataPoints: List<Metrics.ExponentialHistogramDataPoint> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }

    @inlinable public var aggregationTemporality: Metrics.AggregationTemporality {
      Metrics.AggregationTemporality(rawValue: _reference.number(at: 40, as: Int32.self))
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.Summary`.
  @frozen public struct Summary: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 22) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var dataPoints: List<Metrics.SummaryDataPoint> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.NumberDataPoint`.
  @frozen public struct NumberDataPoint: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 23) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 32) } }

    @inlinable public var startTimeUnixNano: UInt64 { _reference.number(at: 40, as: UInt64.self) }

    @inlinable public var timeUnixNano: UInt64 { _reference.number(at: 48, as: UInt64.self) }

    @inlinable public var exemplars: List<Metrics.Exemplar> { @_lifetime(copy self) get { _reference.list(at: 64) } }

    @inlinable public var flags: UInt32 { _reference.number(at: 72, as: UInt32.self) }

    /// The members of the oneof `value`.
    @frozen public enum Value: Sendable {
      case asDouble(Double)
      case asInt(Int64)
    }

    /// The member of `value` that is set.
    @inlinable public var value: Value? {
      switch _reference.field(at: 76) {
      case 4: return .asDouble(_reference.number(at: 80, as: Double.self))
      case 6: return .asInt(_reference.number(at: 80, as: Int64.self))
      default: return nil
      }
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.HistogramDataPoint`.
  @frozen public struct HistogramDataPoint: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 24) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 32) } }

    @inlinable public var startTimeUnixNano: UInt64 { _reference.number(at: 40, as: UInt64.self) }

    @inlinable public var timeUnixNano: UInt64 { _reference.number(at: 48, as: UInt64.self) }

    @inlinable public var count: UInt64 { _reference.number(at: 56, as: UInt64.self) }

    @inlinable public var sum: Double? {
      _reference.field(at: 116) == 5 ? _reference.number(at: 120, as: Double.self) : nil
    }

    @inlinable public var bucketCounts: Swift.Span<UInt64> { @_lifetime(copy self) get { _reference.numbers(at: 72) } }

    @inlinable public var explicitBounds: Swift.Span<Double> {
      @_lifetime(copy self) get { _reference.numbers(at: 88) }
    }

    @inlinable public var exemplars: List<Metrics.Exemplar> { @_lifetime(copy self) get { _reference.list(at: 104) } }

    @inlinable public var flags: UInt32 { _reference.number(at: 112, as: UInt32.self) }

    @inlinable public var min: Double? {
      _reference.field(at: 128) == 11 ? _reference.number(at: 136, as: Double.self) : nil
    }

    @inlinable public var max: Double? {
      _reference.field(at: 144) == 12 ? _reference.number(at: 152, as: Double.self) : nil
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint`.
  @frozen public struct ExponentialHistogramDataPoint: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 25) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 32) } }

    @inlinable public var startTimeUnixNano: UInt64 { _reference.number(at: 40, as: UInt64.self) }

    @inlinable public var timeUnixNano: UInt64 { _reference.number(at: 48, as: UInt64.self) }

    @inlinable public var count: UInt64 { _reference.number(at: 56, as: UInt64.self) }

    @inlinable public var sum: Double? {
      _reference.field(at: 128) == 5 ? _reference.number(at: 136, as: Double.self) : nil
    }

    @inlinable public var scale: Int32 { _reference.number(at: 64, as: Int32.self) }

    @inlinable public var zeroCount: UInt64 { _reference.number(at: 72, as: UInt64.self) }

    @inlinable public var positive: Metrics.ExponentialHistogramDataPoint.Buckets? {
      @_lifetime(copy self) get { _reference.message(at: 80) }
    }

    @inlinable public var negative: Metrics.ExponentialHistogramDataPoint.Buckets? {
      @_lifetime(copy self) get { _reference.message(at: 88) }
    }

    @inlinable public var flags: UInt32 { _reference.number(at: 96, as: UInt32.self) }

    @inlinable public var exemplars: List<Metrics.Exemplar> { @_lifetime(copy self) get { _reference.list(at: 112) } }

    @inlinable public var min: Double? {
      _reference.field(at: 144) == 12 ? _reference.number(at: 152, as: Double.self) : nil
    }

    @inlinable public var max: Double? {
      _reference.field(at: 160) == 13 ? _reference.number(at: 168, as: Double.self) : nil
    }

    @inlinable public var zeroThreshold: Double { _reference.number(at: 120, as: Double.self) }
  }
}

extension Metrics.ExponentialHistogramDataPoint {
  /// A view of `opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets`.
  @frozen public struct Buckets: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 26) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var offset: Int32 { _reference.number(at: 24, as: Int32.self) }

    @inlinable public var bucketCounts: Swift.Span<UInt64> { @_lifetime(copy self) get { _reference.numbers(at: 40) } }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.SummaryDataPoint`.
  @frozen public struct SummaryDataPoint: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 27) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var attributes: List<Common.KeyValue> { @_lifetime(copy self) get { _reference.list(at: 32) } }

    @inlinable public var startTimeUnixNano: UInt64 { _reference.number(at: 40, as: UInt64.self) }

    @inlinable public var timeUnixNano: UInt64 { _reference.number(at: 48, as: UInt64.self) }

    @inlinable public var count: UInt64 { _reference.number(at: 56, as: UInt64.self) }

    @inlinable public var sum: Double { _reference.number(at: 64, as: Double.self) }

    @inlinable public var quantileValues: List<Metrics.SummaryDataPoint.ValueAtQuantile> {
      @_lifetime(copy self) get { _reference.list(at: 80) }
    }

    @inlinable public var flags: UInt32 { _reference.number(at: 88, as: UInt32.self) }
  }
}

extension Metrics.SummaryDataPoint {
  /// A view of `opentelemetry.proto.metrics.v1.SummaryDataPoint.ValueAtQuantile`.
  @frozen public struct ValueAtQuantile: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 28) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var quantile: Double { _reference.number(at: 24, as: Double.self) }

    @inlinable public var value: Double { _reference.number(at: 32, as: Double.self) }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.metrics.v1.Exemplar`.
  @frozen public struct Exemplar: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 29) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var filteredAttributes: List<Common.KeyValue> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }

    @inlinable public var timeUnixNano: UInt64 { _reference.number(at: 40, as: UInt64.self) }

    @inlinable public var spanId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 48) } }

    @inlinable public var traceId: Bytes { @_lifetime(copy self) get { _reference.bytes(at: 64) } }

    /// The members of the oneof `value`.
    @frozen public enum Value: Sendable {
      case asDouble(Double)
      case asInt(Int64)
    }

    /// The member of `value` that is set.
    @inlinable public var value: Value? {
      switch _reference.field(at: 80) {
      case 3: return .asDouble(_reference.number(at: 88, as: Double.self))
      case 6: return .asInt(_reference.number(at: 88, as: Int64.self))
      default: return nil
      }
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest`.
  @frozen public struct ExportRequest: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 30) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var resourceMetrics: List<Metrics.ResourceMetrics> {
      @_lifetime(copy self) get { _reference.list(at: 32) }
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse`.
  @frozen public struct ExportResponse: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 31) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var partialSuccess: Metrics.ExportPartialSuccess? {
      @_lifetime(copy self) get { _reference.message(at: 24) }
    }
  }
}

extension Metrics {
  /// A view of `opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess`.
  @frozen public struct ExportPartialSuccess: MessageView, ~Escapable {
    public let _reference: MessageReference
    @inlinable public static var _type: MessageType { MessageType(index: 32) }
    @_lifetime(copy reference)
    @inlinable public init(_ reference: MessageReference) { _reference = reference }

    @inlinable public var rejectedDataPoints: Int64 { _reference.number(at: 24, as: Int64.self) }

    @inlinable public var errorMessage: Text { @_lifetime(copy self) get { _reference.text(at: 32) } }
  }
}

extension Metrics {
  /// `opentelemetry.proto.metrics.v1.AggregationTemporality`. A number that has no name here is kept as it is.
  @frozen public struct AggregationTemporality: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
    @inlinable public static var unspecified: AggregationTemporality { AggregationTemporality(rawValue: 0) }
    @inlinable public static var delta: AggregationTemporality { AggregationTemporality(rawValue: 1) }
    @inlinable public static var cumulative: AggregationTemporality { AggregationTemporality(rawValue: 2) }
  }
}

extension Metrics {
  /// `opentelemetry.proto.metrics.v1.DataPointFlags`. A number that has no name here is kept as it is.
  @frozen public struct DataPointFlags: RawRepresentable, Hashable, Sendable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
    @inlinable public static var doNotUse: DataPointFlags { DataPointFlags(rawValue: 0) }
    @inlinable public static var noRecordedValueMask: DataPointFlags { DataPointFlags(rawValue: 1) }
  }
}
