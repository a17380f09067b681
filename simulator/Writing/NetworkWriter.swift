// SPDX-License-Identifier: Apache-2.0

import Policy

extension Network {
  var written: JSONValue {
    var members = Members()
    let usual = Network()
    typealias Field = NetworkField
    path.write(to: &members, unless: usual.path, Field.latency, .loss, .retransmissionTimeout, .bytesPerSecond)
    members.add(Field.requestBytes, requestBytes, unless: usual.requestBytes, JSONValue.count)
    members.add(Field.responseBytes, responseBytes, unless: usual.responseBytes, JSONValue.count)
    members.add(Field.paths, paths, unless: []) { .array($0.map { $0.written(otherwise: path) }) }
    return members.value
  }
}

extension Network.Route {
  fileprivate func written(otherwise usual: Network.Path) -> JSONValue {
    var members = Members()
    typealias Field = NetworkPathField
    if let fromZone { members.add(Field.fromZone, .string(fromZone)) }
    if let toZone { members.add(Field.toZone, .string(toZone)) }
    if let toGroup { members.add(Field.toGroup, .string(toGroup)) }
    path.write(to: &members, unless: usual, Field.latency, .loss, .retransmissionTimeout, .bytesPerSecond)
    return members.value
  }
}

extension Network.Path {
  fileprivate func write<Name: ScenarioField>(
    to members: inout Members, unless usual: Network.Path, _ latency: Name, _ loss: Name,
    _ retransmissionTimeout: Name, _ bytesPerSecond: Name
  ) {
    members.add(latency, self.latency, unless: usual.latency) { $0.written(.time) }
    members.add(loss, self.loss, unless: usual.loss, JSONValue.number)
    members.add(retransmissionTimeout, self.retransmissionTimeout, unless: usual.retransmissionTimeout, JSONValue.time)
    members.add(bytesPerSecond, self.bytesPerSecond, unless: usual.bytesPerSecond, JSONValue.number)
  }
}

extension Distribution {
  func written(_ unit: DistributionUnit) -> JSONValue {
    switch self {
    case .constant(let value): return Self.quantity(value, unit)
    case .mixture(let components):
      let items = components.flatMap { $0.flat(by: 1) }.map { component -> JSONValue in
        let (kind, value) = component.distribution.named(unit)
        return .object([(MixtureField.weight.rawValue, .number(component.weight)), (kind.rawValue, value)])
      }
      return .object([(DistributionField.mixture.rawValue, .array(items))])
    default:
      let (kind, value) = named(unit)
      return .object([(kind.rawValue, value)])
    }
  }

  private func named(_ unit: DistributionUnit) -> (DistributionField, JSONValue) {
    func quantity(_ value: Double) -> JSONValue { Self.quantity(value, unit) }
    var members = Members()
    switch self {
    case .constant(let value): return (.constant, quantity(value))
    case .uniform(let min, let max):
      members.add(UniformField.min, quantity(min))
      members.add(UniformField.max, quantity(max))
      return (.uniform, members.value)
    case .exponential(let mean):
      members.add(ExponentialField.mean, quantity(mean))
      return (.exponential, members.value)
    case .normal(let mean, let deviation, let min):
      members.add(NormalField.mean, quantity(mean))
      members.add(NormalField.standardDeviation, quantity(deviation))
      members.add(NormalField.min, min, unless: 0, quantity)
      return (.normal, members.value)
    case .lognormal(let median, let sigma):
      members.add(LognormalField.median, quantity(median))
      members.add(LognormalField.sigma, .number(sigma))
      return (.lognormal, members.value)
    case .mixture: return (.mixture, written(unit))
    }
  }

  private static func quantity(_ value: Double, _ unit: DistributionUnit) -> JSONValue {
    if unit == .factor { return .number(value) }
    if let whole = UInt64(exactly: value) { return .time(whole) }
    return .string("\(value)ns")
  }
}

extension Distribution.Component {
  /// Files have no mixtures of mixtures: each part of an inner one has its share of the outer weight.
  fileprivate func flat(by factor: Double) -> [Distribution.Component] {
    guard case .mixture(let inner) = distribution else {
      return [Distribution.Component(weight: weight * factor, distribution)]
    }
    let total = inner.reduce(0) { $0 + $1.weight }
    return total > 0 ? inner.flatMap { $0.flat(by: factor * weight / total) } : []
  }
}
