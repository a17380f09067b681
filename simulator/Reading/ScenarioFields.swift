// SPDX-License-Identifier: Apache-2.0

import Policy

/// A field of a scenario: all of them are Swerve's own, so each is read.
protocol ScenarioField: FieldName, Hashable {}

extension ScenarioField {
  var support: FieldSupport { .supported }
}

extension Shape {
  static let span = Shape.nanoseconds(0...ScenarioLimit.durationMax)
  static let probability = Shape.number(0...1)
  static let timeDistribution = Shape.either([.span, .object(DistributionField.self)])
  static let factorDistribution = Shape.either([.factor, .object(DistributionField.self)])
  static let factor = Shape.number(0.001...1_000_000)
  static let selectorNames = Shape.list(.words(SelectorName.all.map(\.description)))
}

enum ScenarioObjectField: String, ScenarioField {
  case apiVersion, kind, metadata, spec
  static let table = FieldTable<Self>()
  static let required = allCases
  var shape: Shape {
    switch self {
    case .apiVersion: .words([ScenarioParser.apiVersion])
    case .kind: .words([ScenarioParser.kind])
    case .metadata: .object(MetadataField.self)
    case .spec: .object(ScenarioSpecField.self)
    }
  }
}

enum ScenarioSpecField: String, ScenarioField {
  case summary, duration, warmup, seed, selectors, policies, service, clients, load, work, endpoints, network, agent
  case timeline, expect
  static let table = FieldTable<Self>()
  static let required: [Self] = [.duration, .load, .endpoints]
  var shape: Shape {
    switch self {
    case .summary, .service: .text
    case .duration: .nanoseconds(1_000_000...ScenarioLimit.durationMax)
    case .warmup: .span
    case .seed: .integer(0...Int.max)
    case .selectors: .selectorNames
    case .policies: .list(.text)
    case .clients: .object(ClientsField.self)
    case .load: .either([.object(LoadField.self), .list(.object(LoadField.self))])
    case .work: .timeDistribution
    case .endpoints: .list(.object(EndpointGroupField.self))
    case .network: .object(NetworkField.self)
    case .agent: .object(AgentField.self)
    case .timeline: .list(.object(TimelineField.self))
    case .expect: .list(.object(ExpectationField.self))
    }
  }
}

enum ClientsField: String, ScenarioField {
  case count, nodes, zones, mode, timeout, cancelsWork, keepAlive, requestsPerConnection, replicas
  static let table = FieldTable<Self>()
  var shape: Shape {
    switch self {
    case .count, .nodes: .integer(1...ScenarioLimit.clientsMax)
    case .zones: .list(.text)
    case .mode: .words(Clients.Mode.allCases.map(\.rawValue))
    case .cancelsWork: .boolean
    case .timeout, .keepAlive: .span
    case .requestsPerConnection: .integer(0...1_000_000_000)
    case .replicas: .integer(0...ScenarioLimit.endpointsMax)
    }
  }
}

enum LoadField: String, ScenarioField {
  case from, requestsPerSecond, utilization, closedLoop, arrivals
  static let table = FieldTable<Self>()
  static let amounts: [Self] = [.requestsPerSecond, .utilization, .closedLoop]
  var shape: Shape {
    switch self {
    case .from: .span
    case .requestsPerSecond: .number(0...ScenarioLimit.requestsPerSecondMax)
    case .utilization: .number(0...100)
    case .closedLoop: .object(ClosedLoopField.self)
    case .arrivals: .words(LoadPhase.Arrivals.allCases.map(\.rawValue))
    }
  }
}

enum ClosedLoopField: String, ScenarioField {
  case think
  static let table = FieldTable<Self>()
  static let required: [Self] = [.think]
  var shape: Shape { .timeDistribution }
}

enum EndpointGroupField: String, ScenarioField {
  case name, count, zone, addresses, weight, discipline, cores, speed, queueLimit, work, latencyCurve, variation
  case joinsLater
  static let table = FieldTable<Self>()
  static let required: [Self] = [.name]
  var shape: Shape {
    switch self {
    case .name, .zone: .text
    case .count: .integer(1...ScenarioLimit.endpointsMax)
    case .addresses: .list(.text)
    case .weight: .integer(0...Int(UInt16.max))
    case .discipline: .words(EndpointGroup.Discipline.allCases.map(\.rawValue))
    case .cores: .number(0.001...1024)
    case .speed: .factor
    case .queueLimit: .integer(0...1_000_000_000)
    case .work: .timeDistribution
    case .latencyCurve: .object(LatencyCurveField.self)
    case .variation: .object(VariationField.self)
    case .joinsLater: .boolean
    }
  }
}

enum LatencyCurveField: String, ScenarioField {
  case slope, overloadAbove, overloadFactor
  static let table = FieldTable<Self>()
  static let required: [Self] = [.slope]
  var shape: Shape {
    switch self {
    case .slope: .factor
    case .overloadAbove: .integer(0...1_000_000_000)
    case .overloadFactor: .factor
    }
  }
}

enum VariationField: String, ScenarioField {
  case every, fraction, factor, target
  static let table = FieldTable<Self>()
  static let required: [Self] = [.every, .factor]
  var shape: Shape {
    switch self {
    case .every: .timeDistribution
    case .fraction: .probability
    case .factor: .factorDistribution
    case .target: .words(EndpointGroup.Variation.Target.allCases.map(\.rawValue))
    }
  }
}

enum AgentField: String, ScenarioField {
  case discoveryDelay, epoch, reportDelay
  static let table = FieldTable<Self>()
  var shape: Shape {
    self == .epoch ? .nanoseconds(ScenarioLimit.repetitionMin...ScenarioLimit.durationMax) : .span
  }
}
