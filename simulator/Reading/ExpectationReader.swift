// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI

extension ScenarioReader {
  func expectations(_ node: Node) {
    reader.sequence(node, countMax: ScenarioLimit.expectationsMax) { _, item in
      if let expectation = expectation(item) { scenario.expectations.append(expectation) }
    }
  }

  private func expectation(_ node: Node) -> Expectation? {
    guard let fields = FieldValues(reader, node, ExpectationField.self) else { return nil }
    let (from, until) = (moment(fields, .from), moment(fields, .until))
    if let until, until <= (from ?? scenario.warmup) {
      let begin = from == nil ? "the end of the warm-up, \(DurationText.text(scenario.warmup))" : "`from`"
      fields.error(.until, "`until` is not after \(begin)")
    }
    let selectors = selectors(fields, .selectors) ?? []
    guard let kind = reader.only(fields, of: ExpectationField.claims, in: node),
      let claim = fields.read(kind, { claim(kind, $0) })
    else { return nil }
    check(kind, fields)
    var expectation = Expectation(claim, from: from, until: until)
    expectation.selectors = selectors
    return expectation
  }

  private func check(_ kind: ExpectationField, _ fields: FieldValues<ExpectationField>) {
    switch kind {
    case .recovery where !fields.has(.from):
      fields.error(.recovery, "`recovery` needs `from`: the time of the fault")
    case .ejected:
      for field in fields.present(of: [.from, .until]) {
        fields.error(field, "`\(field.rawValue)` has no meaning with `ejected`, which says `by` when")
      }
    default: break
    }
  }

  private func claim(_ kind: ExpectationField, _ node: Node) -> Expectation.Claim? {
    switch kind {
    case .errorRate:
      guard let fields = FieldValues(reader, node, RateBoundField.self),
        let kind = reader.only(fields, of: RateBoundField.allCases, in: node), let bound = fields.number(kind)
      else { return nil }
      return kind == .below ? .errorRate(below: bound) : .errorRateAbove(bound)
    case .recovery:
      guard let fields = FieldValues(reader, node, RecoveryField.self), let within = fields.duration(.within),
        let rate = fields.number(.errorRate)
      else { return nil }
      return .recovery(within: within, errorRate: rate)
    case .share: return share(node)
    case .noRequests:
      guard let fields = FieldValues(reader, node, NoRequestsField.self) else { return nil }
      return fields.read(.to) { endpointTarget($0) }.map { .noRequests(to: $0) }
    case .ejected:
      guard let fields = FieldValues(reader, node, EjectedField.self) else { return nil }
      let (target, by) = (fields.read(.endpoints) { endpointTarget($0) }, moment(fields, .by))
      let nodes = fields.number(.nodes) ?? 1
      guard let target, let by else { return nil }
      return .ejected(target, by: by, nodes: nodes)
    case .throughput:
      return FieldValues(reader, node, ThroughputField.self)?.number(.above).map { .throughput(above: $0) }
    case .refused: return refused(node)
    default:
      guard let percentile = kind.percentile, let fields = FieldValues(reader, node, LatencyBoundField.self),
        let kind = reader.only(fields, of: LatencyBoundField.allCases, in: node), let bound = fields.duration(kind)
      else { return nil }
      return kind == .below
        ? .latency(percentile: percentile, below: bound) : .latencyAbove(percentile: percentile, above: bound)
    }
  }

  private func share(_ node: Node) -> Expectation.Claim? {
    guard let fields = FieldValues(reader, node, ShareField.self) else { return nil }
    let target = fields.read(.of) { endpointTarget($0) }
    let (min, max) = (fields.number(.min) ?? 0, fields.number(.max) ?? 1)
    checkBounds(fields, min <= max, .min, .max)
    return target.map { .share(of: $0, min: min, max: max) }
  }

  private func refused(_ node: Node) -> Expectation.Claim? {
    guard let fields = FieldValues(reader, node, RefusedField.self) else { return nil }
    let reason = fields.read(.reason) { reader.known($0, "reason", among: RefusalReason.names) }
    let (min, max) = (fields.integer(.min) ?? 0, fields.integer(.max) ?? Int.max)
    checkBounds(fields, min <= max, .min, .max)
    return reason.map { .refused(reason: $0, min: min, max: max) }
  }

  private func checkBounds<Name>(_ fields: FieldValues<Name>, _ inOrder: Bool, _ min: Name, _ max: Name) {
    if fields.present(of: [min, max]).isEmpty {
      reader.error(at: fields.node.position, "`min`, `max` or both are needed")
    } else if !inOrder {
      fields.error(max, "`max` is below `min`")
    }
  }
}

/// The reasons of docs/REASONS.md for which a request is refused.
enum RefusalReason {
  static let names: [String] = (0..<UInt32(SWERVE_REASON_COUNT.rawValue)).compactMap { index in
    let isRefusal = String(cString: swerve_reason_meaning(index)).hasPrefix("refused")
    return isRefusal ? String(cString: swerve_reason_name(index)) : nil
  }
}
