// SPDX-License-Identifier: Apache-2.0

import Policy

enum TimelineField: String, ScenarioField {
  case at, until, endpoints, nodes, fault
  static let table = FieldTable<Self>()
  static let required: [Self] = [.at, .fault]
  var shape: Shape {
    switch self {
    case .at, .until: .span
    case .endpoints: .object(TargetField.self)
    case .nodes: .list(.integer(0...ScenarioLimit.clientsMax))
    case .fault: .either([.words(FaultField.words.map(\.rawValue)), .object(FaultField.self)])
    }
  }
}

enum TargetField: String, ScenarioField {
  case group, indices, zone
  static let table = FieldTable<Self>()
  var shape: Shape { self == .indices ? .list(.integer(0...ScenarioLimit.endpointsMax)) : .text }
}

enum FaultField: String, ScenarioField {
  case crash, hang, slow, capacity, coldStart, errors, join, leave, drain
  case partition, latency, loss
  case clockJump, agentRestart, tableFull
  static let table = FieldTable<Self>()
  /// Those that have no parameters.
  static let words: [Self] = [.crash, .hang, .join, .leave, .drain, .partition, .agentRestart, .tableFull]

  var shape: Shape {
    switch self {
    case .slow, .capacity, .coldStart: .object(FactorField.self)
    case .errors: .object(ErrorsField.self)
    case .latency: .timeDistribution
    case .loss: .number(0...0.99)
    case .clockJump: .object(ClockJumpField.self)
    default: .map(.anything)
    }
  }

  /// Where it happens.
  enum Place {
    case endpoints, paths, nodes
  }

  var place: Place {
    switch self {
    case .crash, .hang, .slow, .capacity, .coldStart, .errors, .join, .leave, .drain: .endpoints
    case .partition, .latency, .loss: .paths
    case .clockJump, .agentRestart, .tableFull: .nodes
    }
  }
}

enum FactorField: String, ScenarioField {
  case factor
  static let table = FieldTable<Self>()
  static let required: [Self] = [.factor]
  var shape: Shape { .factor }
}

enum ErrorsField: String, ScenarioField {
  case rate, status, latency
  static let table = FieldTable<Self>()
  var shape: Shape {
    switch self {
    case .rate: .probability
    case .status: .integer(400...599)
    case .latency: .span
    }
  }
}

enum ClockJumpField: String, ScenarioField {
  case by
  static let table = FieldTable<Self>()
  static let required: [Self] = [.by]
  var shape: Shape { .span }
}
