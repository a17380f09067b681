// SPDX-License-Identifier: Apache-2.0

import Policy

/// Reads one scenario. What later fields refer to (the duration, nodes, zones, groups) is read before them, in whatever
/// order they are written.
final class ScenarioReader {
  let reader: Reader
  /// As far as it is read.
  var scenario = Scenario(name: "", duration: ScenarioLimit.durationMax, load: [], endpoints: [])
  /// Whether all groups were read, so that a name that is not among them is a mistake.
  var knowsGroups = false
  /// Indices in targets so far.
  var indexCount = 0

  init(_ reader: Reader) {
    self.reader = reader
  }

  /// nil when something is missing, which has been reported.
  func scenario(_ root: Node) -> Scenario? {
    guard let fields = FieldValues(reader, root, ScenarioObjectField.self), isScenario(fields) else { return nil }
    fields.read(.metadata) { scenario.name = FieldValues(reader, $0, MetadataField.self)?.name(.name, .label) ?? "" }
    fields.read(.spec) { spec($0) }
    return scenario
  }

  private func isScenario(_ fields: FieldValues<ScenarioObjectField>) -> Bool {
    for (field, word) in [(ScenarioObjectField.apiVersion, ScenarioParser.apiVersion), (.kind, ScenarioParser.kind)] {
      guard let text = fields.text(field) else { return false }
      if text != word {
        fields.error(field, "`\(Excerpt.plain(text))` is no scenario: the \(field.rawValue) is `\(word)`")
        return false
      }
    }
    return true
  }

  private func spec(_ node: Node) {
    guard let fields = FieldValues(reader, node, ScenarioSpecField.self) else { return }
    scenario.summary = fields.text(.summary) ?? ""
    times(fields)
    if let seed = fields.integer(.seed) { scenario.seed = UInt64(seed) }
    if let names = selectors(fields, .selectors) { scenario.selectors = names }
    policies(fields)
    if let work = fields.distribution(.work, .time) { scenario.work = work }
    fields.read(.endpoints) { endpoints($0) }
    fields.read(.clients) { clients($0) }
    fields.read(.load) { load($0) }
    tables(fields)
    fields.read(.network) { network($0) }
    fields.read(.agent) { agent($0) }
    fields.read(.timeline) { timeline($0) }
    checkJoins(fields)
    fields.read(.expect) { expectations($0) }
  }

  private func times(_ fields: FieldValues<ScenarioSpecField>) {
    if let duration = fields.duration(.duration) { scenario.duration = duration }
    guard let warmup = fields.duration(.warmup) else { return }
    scenario.warmup = warmup
    if warmup >= scenario.duration {
      fields.error(.warmup, "the warm-up is not over before the end, \(DurationText.text(scenario.duration))")
    }
  }

  func selectors<Name>(_ fields: FieldValues<Name>, _ field: Name) -> [SelectorName]? {
    var seen: Set<SelectorName> = []
    let names = fields.list(field, countMax: ScenarioLimit.selectorsMax) { node -> SelectorName? in
      let all = SelectorName.all.map(\.description)
      guard let text = reader.known(node, "selector", among: all), let name = SelectorName(text) else { return nil }
      if !seen.insert(name).inserted { reader.error(at: node.position, "`\(text)` is named twice") }
      return name
    }
    if let names, names.isEmpty, let node = fields.read(field, { $0 }), node.kind == .sequence, node.count == 0 {
      fields.error(field, "no selector; leave the field out for the default")
    }
    return names
  }

  private func policies(_ fields: FieldValues<ScenarioSpecField>) {
    var seen: Set<String> = []
    let paths = fields.list(.policies, countMax: ScenarioLimit.policiesMax) { node -> String? in
      guard let path = reader.string(node) else { return nil }
      guard !path.isEmpty, !path.utf8.contains(0) else {
        reader.error(at: node.position, "\(Excerpt.quoted(path)) is not a path")
        return nil
      }
      if !seen.insert(path).inserted { reader.error(at: node.position, "`\(Excerpt.plain(path))` is named twice") }
      return path
    }
    scenario.policy.paths = paths ?? []
    guard let service = fields.text(.service) else { return }
    scenario.policy.service = service
    if !fields.has(.policies) {
      fields.error(.service, "a service is of policy files; name them in `policies`")
    }
  }

  /// What all nodes and endpoints together need.
  private func tables(_ fields: FieldValues<ScenarioSpecField>) {
    let (nodes, endpoints) = (scenario.clients.nodes, scenario.endpointCount)
    if nodes * endpoints > ScenarioLimit.tableRowsMax {
      fields.error(
        .endpoints,
        "\(nodes) nodes with tables of \(endpoints) endpoints; nodes times endpoints are at most "
          + "\(ScenarioLimit.tableRowsMax)")
    }
  }

  private func agent(_ node: Node) {
    guard let fields = FieldValues(reader, node, AgentField.self) else { return }
    if let delay = fields.duration(.discoveryDelay) { scenario.agent.discoveryDelay = delay }
    if let epoch = fields.duration(.epoch) { scenario.agent.epoch = epoch }
    if let delay = fields.duration(.reportDelay) { scenario.agent.reportDelay = delay }
  }

  /// A time within the run.
  func moment<Name>(_ fields: FieldValues<Name>, _ field: Name) -> UInt64? {
    guard let time = fields.duration(field) else { return nil }
    if time <= scenario.duration { return time }
    fields.error(
      field, "\(DurationText.text(time)) is after the end of the run, \(DurationText.text(scenario.duration))")
    return nil
  }
}
