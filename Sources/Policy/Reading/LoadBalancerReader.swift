// SPDX-License-Identifier: Apache-2.0

extension Reader {
  /// `loadBalancer` of a DestinationRule.
  func loadBalancerRule(_ node: Node) -> LoadBalancerRule {
    var rule = LoadBalancerRule()
    var algorithms: [(Assignment, Node)] = []
    var warmups = 0
    mapping(node, LoadBalancerField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .simple: if let algorithm = simple(value) { algorithms.append((algorithm, value)) }
      case .consistentHash: if let algorithm = consistentHash(value) { algorithms.append((algorithm, value)) }
      case .localityLbSetting: rule.locality = localityRule(value)
      case .warmup:
        warmups += 1
        warmup(value, into: &rule.assignments)
      case .warmupDurationSecs:
        warmups += 1
        warning(at: value.position, "deprecated; write `warmup.duration`")
        if let duration = assignment(.warmupDuration, value) { rule.assignments.append(duration) }
      case .zoneAwareLbSetting: return
      }
    }
    if algorithms.count > 1 {
      error(at: algorithms[1].1.position, "`simple` and `consistentHash` exclude each other")
    }
    if warmups > 1 { error(at: node.position, "`warmup` and `warmupDurationSecs` exclude each other") }
    rule.assignments = algorithms.prefix(1).map(\.0) + rule.assignments
    return rule
  }

  private func simple(_ node: Node) -> Assignment? {
    guard let word = word(node, SimpleLoadBalancer.self) else { return nil }
    switch word {
    case .passthrough:
      unsupported(
        at: node.position, "`PASSTHROUGH` is not supported: a VIP is no address that a connection could be passed to")
    case .leastConnections: warning(at: node.position, "`LEAST_CONN` is deprecated; write `LEAST_REQUEST`")
    default: break
    }
    return word.meaning.map { Assignment(setting: .loadBalancer, value: .loadBalancer($0), position: node.position) }
  }

  private func consistentHash(_ node: Node) -> Assignment? {
    var usesSourceIP = false
    var tables = 0
    mapping(node, ConsistentHashField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .useSourceIp: usesSourceIP = boolean(value) ?? false
      case .maglev:
        tables += 1
        mapping(value, MaglevField.self) { _, size in noteTableSize(size) }
      case .ringHash:
        tables += 1
        warning(at: value.position, "the table of Maglev is used for `ringHash`, too")
        mapping(value, RingHashField.self) { _, size in _ = integer(size, in: 0...Int.max) }
      case .minimumRingSize:
        if integer(value, in: 0...Int.max) != nil { warning(at: value.position, "without effect: there is no ring") }
      case .httpHeaderName, .httpCookie, .httpQueryParameterName: return
      }
    }
    if tables > 1 { error(at: node.position, "`maglev` and `ringHash` exclude each other") }
    guard node.kind == .mapping, usesSourceIP || tables > 0 else { return nil }
    return Assignment(
      setting: .loadBalancer, value: .loadBalancer(usesSourceIP ? .sourceIP : .maglev), position: node.position)
  }

  private func noteTableSize(_ node: Node) {
    if let size = integer(node, in: 0...Int.max), size != 0, size != 65_537 {
      warning(at: node.position, "without effect: tables have 65537 positions")
    }
  }

  private func warmup(_ node: Node, into assignments: inout [Assignment]) {
    var read: [Assignment] = []
    settings(node, WarmupField.self, into: &read)
    guard let duration = read.first(where: { $0.setting == .warmupDuration }) else {
      if node.kind == .mapping, !hasKey("duration", in: node) { missing("duration", in: node) }
      return
    }
    // The duration makes the warm-up that the others change.
    assignments += [duration] + read.filter { $0.setting != .warmupDuration }
  }

  func hasKey(_ name: String, in node: Node) -> Bool {
    var isThere = false
    pairs(node) { key, value in
      if !isNull(value), tree.string(tree[key]) == name { isThere = true }
    }
    return isThere
  }

  // MARK: Locality

  private func localityRule(_ node: Node) -> LocalityRule {
    var rule = LocalityRule()
    rule.position = node.position
    var ways = 0
    mapping(node, LocalitySettingField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .enabled: rule.isEnabled = boolean(value) ?? true
      case .distribute:
        ways += 1
        sequence(value, countMax: RuleLimit.localities) { _, item in
          distribution(item, into: &rule.distributions)
        }
      case .failoverPriority:
        ways += 1
        rule.hasPriority = true
        checkPriority(value)
      case .failover: return
      }
    }
    if ways > 1 { error(at: node.position, "`distribute` and `failoverPriority` exclude each other") }
    return rule
  }

  private func checkPriority(_ node: Node) {
    var labels: [String] = []
    sequence(node) { _, item in
      if let label = string(item) { labels.append(label) }
    }
    if labels != [LocalitySettingField.zoneLabel] {
      unsupported(
        at: node.position,
        "other priorities than [\(LocalitySettingField.zoneLabel)] are not supported: endpoints have zones, no labels")
    }
  }

  private func distribution(_ node: Node, into distributions: inout [LocalityRule.Distribution]) {
    var from: LocalityName?
    var to: [(locality: LocalityName, percent: UInt32)] = []
    var toNode: Node?
    var isSound = true
    mapping(node, DistributeField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .from: from = string(value).flatMap { locality($0, at: value.position) }
      case .to:
        toNode = value
        guard expect(value, .mapping, "a mapping") else { return }
        pairs(value) { key, percent in
          // Percentages of at least one: there are no more than a hundred.
          guard to.count <= 100 else { return isSound = false }
          guard let locality = locality(tree.string(tree[key]), at: tree[key].position),
            let percent = integer(percent, in: 1...100)
          else { return isSound = false }
          if to.contains(where: { $0.locality.zone == locality.zone }) {
            error(at: tree[key].position, "the zone of \(Excerpt.quoted(locality.text)) is given twice")
          }
          to.append((locality, UInt32(percent)))
        }
      }
    }
    for field in DistributeField.required where node.kind == .mapping && !hasKey(field.rawValue, in: node) {
      missing(field.rawValue, in: node)
    }
    guard let from, let toNode, toNode.kind == .mapping, isSound || to.count > 100 else { return }
    let sum = to.reduce(0) { $0 + $1.percent }
    if sum != 100 { error(at: toNode.position, field: "\(field).to", "the percentages add up to \(sum), not to 100") }
    if distributions.contains(where: { $0.from.zone == from.zone }) {
      error(at: node.position, field: "\(field).from", "the zone of \(Excerpt.quoted(from.text)) is given twice")
    }
    distributions.append(LocalityRule.Distribution(from: from, to: to.sorted { $0.locality.text < $1.locality.text }))
  }

  private func locality(_ text: String, at position: Position) -> LocalityName? {
    if let locality = LocalityName(text) { return locality }
    error(at: position, "\(Excerpt.quoted(text)) is not a locality: region, region/zone or region/zone/sub-zone")
    return nil
  }
}
