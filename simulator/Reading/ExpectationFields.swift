// SPDX-License-Identifier: Apache-2.0

import Policy

enum ExpectationField: String, ScenarioField {
  case p50, p75, p90, p95, p99
  case p99_9 = "p99.9"
  case p99_99 = "p99.99"
  case max, errorRate, recovery, share, noRequests, ejected, throughput, refused
  case from, until, selectors
  static let table = FieldTable<Self>()
  /// What is claimed; the others say of what.
  static let claims = allCases.filter { ![.from, .until, .selectors].contains($0) }

  var shape: Shape {
    switch self {
    case .errorRate: .object(RateBoundField.self)
    case .recovery: .object(RecoveryField.self)
    case .share: .object(ShareField.self)
    case .noRequests: .object(NoRequestsField.self)
    case .ejected: .object(EjectedField.self)
    case .throughput: .object(ThroughputField.self)
    case .refused: .object(RefusedField.self)
    case .from, .until: .span
    case .selectors: .selectorNames
    default: .object(LatencyBoundField.self)
    }
  }

  /// For a claim about latency, 0 to 100.
  var percentile: Double? {
    switch self {
    case .p50: 50
    case .p75: 75
    case .p90: 90
    case .p95: 95
    case .p99: 99
    case .p99_9: 99.9
    case .p99_99: 99.99
    case .max: 100
    default: nil
    }
  }
}

/// One of them.
enum LatencyBoundField: String, ScenarioField {
  case below, above
  static let table = FieldTable<Self>()
  var shape: Shape { .span }
}

/// One of them.
enum RateBoundField: String, ScenarioField {
  case below, above
  static let table = FieldTable<Self>()
  var shape: Shape { .probability }
}

enum RecoveryField: String, ScenarioField {
  case within, errorRate
  static let table = FieldTable<Self>()
  static let required: [Self] = [.within, .errorRate]
  var shape: Shape { self == .within ? .span : .probability }
}

enum ShareField: String, ScenarioField {
  case of, min, max
  static let table = FieldTable<Self>()
  static let required: [Self] = [.of]
  var shape: Shape { self == .of ? .object(TargetField.self) : .probability }
}

enum NoRequestsField: String, ScenarioField {
  case to
  static let table = FieldTable<Self>()
  static let required: [Self] = [.to]
  var shape: Shape { .object(TargetField.self) }
}

enum EjectedField: String, ScenarioField {
  case endpoints, by, nodes
  static let table = FieldTable<Self>()
  static let required: [Self] = [.endpoints, .by]
  var shape: Shape {
    switch self {
    case .endpoints: .object(TargetField.self)
    case .by: .span
    case .nodes: .probability
    }
  }
}

enum ThroughputField: String, ScenarioField {
  case above
  static let table = FieldTable<Self>()
  static let required: [Self] = [.above]
  var shape: Shape { .number(0...ScenarioLimit.requestsPerSecondMax) }
}

enum RefusedField: String, ScenarioField {
  case reason, min, max
  static let table = FieldTable<Self>()
  static let required: [Self] = [.reason]
  var shape: Shape { self == .reason ? .words(RefusalReason.names) : .integer(0...Int.max) }
}
