// SPDX-License-Identifier: Apache-2.0

import Policy

extension TimelineEvent {
  var written: JSONValue {
    var members = Members()
    members.add(TimelineField.at, .time(at))
    if let until { members.add(TimelineField.until, .time(until)) }
    members.add(TimelineField.endpoints, target.written, unless: .object([])) { $0 }
    members.add(TimelineField.nodes, target.nodes, unless: [], JSONValue.indices)
    members.add(TimelineField.fault, fault.written)
    return members.value
  }
}

extension EventTarget {
  /// Without the nodes, which stand beside it.
  var written: JSONValue {
    var members = Members()
    if let group { members.add(TargetField.group, .string(group)) }
    members.add(TargetField.indices, indices, unless: [], JSONValue.indices)
    if let zone { members.add(TargetField.zone, .string(zone)) }
    return members.value
  }
}

extension Fault {
  fileprivate var written: JSONValue {
    switch self {
    case .crash: Self.word(.crash)
    case .hang: Self.word(.hang)
    case .join: Self.word(.join)
    case .leave: Self.word(.leave)
    case .drain: Self.word(.drain)
    case .partition: Self.word(.partition)
    case .agentRestart: Self.word(.agentRestart)
    case .tableFull: Self.word(.tableFull)
    case .slow(let factor): Self.with(factor: factor, .slow)
    case .capacity(let factor): Self.with(factor: factor, .capacity)
    case .coldStart(let factor): Self.with(factor: factor, .coldStart)
    case .errors(let rate, let status, let latency): Self.errors(rate, status, latency)
    case .latency(let distribution): Self.with(.latency, distribution.written(.time))
    case .loss(let probability): Self.with(.loss, .number(probability))
    case .clockJump(let by): Self.with(.clockJump, .object([(ClockJumpField.by.rawValue, .time(by))]))
    }
  }

  private static func word(_ kind: FaultField) -> JSONValue { .string(kind.rawValue) }

  private static func with(_ kind: FaultField, _ parameters: JSONValue) -> JSONValue {
    .object([(kind.rawValue, parameters)])
  }

  private static func with(factor: Double, _ kind: FaultField) -> JSONValue {
    with(kind, .object([(FactorField.factor.rawValue, .number(factor))]))
  }

  private static func errors(_ rate: Double, _ status: Int, _ latency: UInt64) -> JSONValue {
    var members = Members()
    members.add(ErrorsField.rate, rate, unless: 1, JSONValue.number)
    members.add(ErrorsField.status, .integer(status))
    members.add(ErrorsField.latency, latency, unless: 0, JSONValue.time)
    return with(.errors, members.value)
  }
}

extension Expectation {
  var written: JSONValue {
    var members = Members()
    let (field, value) = claim.written
    members.add(field, value)
    if let from { members.add(ExpectationField.from, .time(from)) }
    if let until { members.add(ExpectationField.until, .time(until)) }
    members.add(ExpectationField.selectors, selectors, unless: [], JSONValue.selectors)
    return members.value
  }
}

extension Expectation.Claim {
  fileprivate var written: (ExpectationField, JSONValue) {
    var members = Members()
    switch self {
    case .latency(let percentile, let below):
      // Files name a few percentiles; one between them is written as the next higher one, which claims more.
      let fields = ExpectationField.claims.filter { $0.percentile != nil }
      let field = fields.first { ($0.percentile ?? 0) >= percentile } ?? .max
      members.add(LatencyBoundField.below, .time(below))
      return (field, members.value)
    case .latencyAbove(let percentile, let above):
      // Here the next lower one claims more.
      let fields = ExpectationField.claims.filter { $0.percentile != nil }
      let field = fields.last { ($0.percentile ?? 100) <= percentile } ?? .p50
      members.add(LatencyBoundField.above, .time(above))
      return (field, members.value)
    case .errorRateAbove(let above):
      members.add(RateBoundField.above, .number(above))
      return (.errorRate, members.value)
    case .errorRate(let below):
      members.add(RateBoundField.below, .number(below))
      return (.errorRate, members.value)
    case .recovery(let within, let errorRate):
      members.add(RecoveryField.within, .time(within))
      members.add(RecoveryField.errorRate, .number(errorRate))
      return (.recovery, members.value)
    case .share(let target, let min, let max):
      members.add(ShareField.of, target.written)
      members.add(ShareField.min, .number(min))
      members.add(ShareField.max, max, unless: 1, JSONValue.number)
      return (.share, members.value)
    case .noRequests(let target):
      members.add(NoRequestsField.to, target.written)
      return (.noRequests, members.value)
    case .ejected(let target, let by, let nodes):
      members.add(EjectedField.endpoints, target.written)
      members.add(EjectedField.by, .time(by))
      members.add(EjectedField.nodes, nodes, unless: 1, JSONValue.number)
      return (.ejected, members.value)
    case .throughput(let above):
      members.add(ThroughputField.above, .number(above))
      return (.throughput, members.value)
    case .refused(let reason, let min, let max):
      members.add(RefusedField.reason, .string(reason))
      members.add(RefusedField.min, .integer(min))
      members.add(RefusedField.max, max, unless: .max, JSONValue.count)
      return (.refused, members.value)
    }
  }
}
