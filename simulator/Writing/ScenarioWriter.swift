// SPDX-License-Identifier: Apache-2.0

import Policy

/// Writes scenarios as files: what `ScenarioParser` reads back is the same scenario. Defaults are left out.
public enum ScenarioWriter {
  public static func text(_ scenario: Scenario) -> String {
    var yaml = YAMLText()
    yaml.mapping([
      ("apiVersion", .string(ScenarioParser.apiVersion)), ("kind", .string(ScenarioParser.kind)),
      ("metadata", .object([("name", .string(scenario.name))])),
    ])
    yaml.mapping([("spec", .object(scenario.members))])
    return yaml.text
  }
}

/// Members of a mapping: those that differ from a default.
struct Members {
  private(set) var list: [(key: String, value: JSONValue)] = []

  var value: JSONValue { .object(list) }

  mutating func add(_ key: some RawRepresentable<String>, _ value: JSONValue) { list.append((key.rawValue, value)) }

  mutating func add<Value: Equatable>(
    _ key: some RawRepresentable<String>, _ value: Value, unless usual: Value, _ write: (Value) -> JSONValue
  ) {
    if value != usual { add(key, write(value)) }
  }
}

extension JSONValue {
  static func time(_ nanoseconds: UInt64) -> JSONValue { .string(DurationText.text(nanoseconds)) }
  static func count(_ count: Int) -> JSONValue { .integer(count) }
  static func strings(_ strings: [String]) -> JSONValue { .array(strings.map { .string($0) }) }
  static func indices(_ indices: [Int]) -> JSONValue { .array(indices.map { .integer($0) }) }
  static func selectors(_ names: [SelectorName]) -> JSONValue { strings(names.map(\.description)) }
}

extension Scenario {
  fileprivate var members: [(key: String, value: JSONValue)] {
    var spec = Members()
    let usual = Scenario(name: "", duration: 0, load: [], endpoints: [])
    typealias Field = ScenarioSpecField
    spec.add(Field.summary, summary, unless: usual.summary) { .string($0) }
    spec.add(Field.duration, .time(duration))
    spec.add(Field.warmup, warmup, unless: usual.warmup, JSONValue.time)
    spec.add(Field.seed, seed, unless: usual.seed) { .integer(Int(clamping: $0)) }
    spec.add(Field.selectors, selectors, unless: usual.selectors, JSONValue.selectors)
    spec.add(Field.policies, policy.paths, unless: [], JSONValue.strings)
    if let service = policy.service { spec.add(Field.service, .string(service)) }
    spec.add(Field.clients, clients, unless: usual.clients, \.written)
    let phases = load.map(\.written)
    spec.add(Field.load, phases.count == 1 ? phases[0] : .array(phases))
    spec.add(Field.work, work, unless: usual.work) { $0.written(.time) }
    spec.add(Field.endpoints, .array(endpoints.map(\.written)))
    spec.add(Field.network, network, unless: usual.network, \.written)
    spec.add(Field.agent, agent, unless: usual.agent, \.written)
    spec.add(Field.timeline, timeline, unless: []) { .array($0.map(\.written)) }
    spec.add(Field.expect, expectations, unless: []) { .array($0.map(\.written)) }
    return spec.list
  }
}

extension Clients {
  fileprivate var written: JSONValue {
    var members = Members()
    let usual = Clients()
    typealias Field = ClientsField
    members.add(Field.count, count, unless: usual.count, JSONValue.count)
    members.add(Field.nodes, nodes, unless: usual.nodes, JSONValue.count)
    members.add(Field.zones, zones, unless: [], JSONValue.strings)
    members.add(Field.mode, mode, unless: usual.mode) { .string($0.rawValue) }
    members.add(Field.timeout, timeout, unless: usual.timeout, JSONValue.time)
    members.add(Field.cancelsWork, cancelsWork, unless: usual.cancelsWork, JSONValue.boolean)
    // These have no meaning in request mode.
    if mode == .connection {
      members.add(Field.keepAlive, keepAlive, unless: usual.keepAlive, JSONValue.time)
      members.add(
        Field.requestsPerConnection, requestsPerConnection, unless: usual.requestsPerConnection, JSONValue.count)
    }
    members.add(Field.replicas, replicas, unless: usual.replicas, JSONValue.count)
    return members.value
  }
}

extension LoadPhase {
  fileprivate var written: JSONValue {
    var members = Members()
    typealias Field = LoadField
    members.add(Field.from, start, unless: 0, JSONValue.time)
    switch amount {
    case .requestsPerSecond(let rate): members.add(Field.requestsPerSecond, .number(rate))
    case .utilization(let share): members.add(Field.utilization, .number(share))
    case .closedLoop(let think):
      members.add(Field.closedLoop, .object([(ClosedLoopField.think.rawValue, think.written(.time))]))
      return members.value
    }
    members.add(Field.arrivals, arrivals, unless: .poisson) { .string($0.rawValue) }
    return members.value
  }
}

extension EndpointGroup {
  fileprivate var written: JSONValue {
    var members = Members()
    let usual = EndpointGroup(name: name)
    typealias Field = EndpointGroupField
    members.add(Field.name, .string(name))
    members.add(Field.count, count, unless: usual.count, JSONValue.count)
    if let zone { members.add(Field.zone, .string(zone)) }
    members.add(Field.addresses, addresses, unless: [], JSONValue.strings)
    members.add(Field.weight, weight, unless: usual.weight) { .integer(Int($0)) }
    members.add(Field.discipline, discipline, unless: usual.discipline) { .string($0.rawValue) }
    if discipline != .delay { members.add(Field.cores, cores, unless: usual.cores, JSONValue.number) }
    members.add(Field.speed, speed, unless: usual.speed, JSONValue.number)
    members.add(Field.queueLimit, queueLimit, unless: usual.queueLimit, JSONValue.count)
    if let work { members.add(Field.work, work.written(.time)) }
    if let curve { members.add(Field.latencyCurve, curve.written) }
    if let variation { members.add(Field.variation, variation.written) }
    if joinsLater { members.add(Field.joinsLater, .boolean(true)) }
    return members.value
  }
}

extension EndpointGroup.LatencyCurve {
  fileprivate var written: JSONValue {
    var members = Members()
    typealias Field = LatencyCurveField
    members.add(Field.slope, .number(slope))
    members.add(Field.overloadAbove, overloadAbove, unless: 0, JSONValue.count)
    members.add(Field.overloadFactor, overloadFactor, unless: 1, JSONValue.number)
    return members.value
  }
}

extension EndpointGroup.Variation {
  fileprivate var written: JSONValue {
    var members = Members()
    typealias Field = VariationField
    members.add(Field.every, every.written(.time))
    members.add(Field.fraction, fraction, unless: 1, JSONValue.number)
    members.add(Field.factor, factor.written(.factor))
    members.add(Field.target, target, unless: .cores) { .string($0.rawValue) }
    return members.value
  }
}

extension AgentTimes {
  fileprivate var written: JSONValue {
    var members = Members()
    let usual = AgentTimes()
    members.add(AgentField.discoveryDelay, discoveryDelay, unless: usual.discoveryDelay, JSONValue.time)
    members.add(AgentField.epoch, epoch, unless: usual.epoch, JSONValue.time)
    members.add(AgentField.reportDelay, reportDelay, unless: usual.reportDelay, JSONValue.time)
    return members.value
  }
}
