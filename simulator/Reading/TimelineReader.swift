// SPDX-License-Identifier: Apache-2.0

import Policy

extension ScenarioReader {
  func timeline(_ node: Node) {
    reader.sequence(node, countMax: ScenarioLimit.eventsMax) { _, item in
      if let event = event(item) { scenario.timeline.append(event) }
    }
  }

  private func event(_ node: Node) -> TimelineEvent? {
    guard let fields = FieldValues(reader, node, TimelineField.self) else { return nil }
    let at = moment(fields, .at)
    let until = moment(fields, .until)
    if let at, let until, until <= at { fields.error(.until, "`until` is not after `at`") }
    guard let (kind, fault) = fields.read(.fault, { self.fault($0) }) else { return nil }
    checkEnd(of: kind, fields)
    let target = target(of: kind, fields)
    guard let at, let fault, let target else { return nil }
    return TimelineEvent(at: at, until: until, target: target, fault)
  }

  private func checkEnd(of kind: FaultField, _ fields: FieldValues<TimelineField>) {
    if kind == .coldStart, !fields.has(.until) {
      fields.error(.fault, "`coldStart` needs `until`: the end of the slow start")
    }
    if kind == .clockJump, fields.has(.until) {
      fields.error(.until, "`until` has no meaning with `clockJump`, which is over at once")
    }
  }

  /// nil when a name in it is wrong, which has been reported: without it the fault would be everywhere.
  private func target(of kind: FaultField, _ fields: FieldValues<TimelineField>) -> EventTarget? {
    if kind.place == .nodes, fields.has(.endpoints) {
      fields.error(.endpoints, "`\(kind.rawValue)` is a fault of nodes; say which in `nodes`")
    }
    if kind.place == .endpoints, fields.has(.nodes) {
      fields.error(.nodes, "`\(kind.rawValue)` is a fault of endpoints; say which in `endpoints`")
    }
    var target: EventTarget? = EventTarget()
    if fields.has(.endpoints) { target = fields.read(.endpoints) { endpointTarget($0) } }
    if fields.has(.nodes) {
      let nodes = fields.read(.nodes) { indices($0, below: scenario.clients.nodes, of: "nodes") }
      if let nodes { target?.nodes = nodes } else { target = nil }
    }
    return target
  }

  /// Endpoints by group, index and zone; they have to exist.
  func endpointTarget(_ node: Node) -> EventTarget? {
    guard let fields = FieldValues(reader, node, TargetField.self) else { return nil }
    var target = EventTarget()
    target.group = fields.read(.group) { known($0, "endpoint group", among: scenario.endpoints.map(\.name)) }
    target.zone = fields.read(.zone) { known($0, "zone of endpoints", among: endpointZones) }
    let group = scenario.endpoints.first { $0.name == target.group }
    var isWhole = (fields.has(.group) ? target.group != nil : true) && (fields.has(.zone) ? target.zone != nil : true)
    if fields.has(.indices) {
      if !fields.has(.group) {
        fields.error(.indices, "`indices` are those of a group; name it in `group`")
        isWhole = false
      } else if let group {
        let what = "endpoints of `\(group.name)`"
        let read: [Int]? = fields.read(.indices) { indices($0, below: group.count, of: what) }
        if let read { target.indices = read } else { isWhole = false }
      }
    }
    if let group, let zone = target.zone, group.zone != zone {
      fields.error(.zone, "group `\(group.name)` has no endpoint in zone `\(zone)`")
    }
    return isWhole ? target : nil
  }

  /// nil when one of them is wrong.
  private func indices(_ node: Node, below count: Int, of what: String) -> [Int]? {
    guard reader.expect(node, .sequence, "a sequence") else { return nil }
    indexCount += Int(node.count)
    if indexCount > ScenarioLimit.indicesMax {
      if indexCount - Int(node.count) <= ScenarioLimit.indicesMax {
        reader.error(
          at: node.position, "more than \(ScenarioLimit.indicesMax) indices in this file; make groups of such endpoints"
        )
      }
      return nil
    }
    var seen: Set<Int> = []
    var indices: [Int] = []
    var isWhole = true
    reader.sequence(node, countMax: ScenarioLimit.endpointsMax) { _, item in
      guard let index = reader.integer(item, in: 0...ScenarioLimit.endpointsMax) else { return isWhole = false }
      if index >= count {
        reader.error(at: item.position, "there are \(count) \(what), numbered from 0; \(index) is none of them")
        isWhole = false
      } else if !seen.insert(index).inserted {
        reader.error(at: item.position, "\(index) is named twice")
      } else {
        indices.append(index)
      }
    }
    if node.count == 0 {
      reader.error(at: node.position, "no index; leave the field out for all")
      return nil
    }
    return isWhole ? indices : nil
  }

  /// A group that joins later and nothing to join it, or the other way round.
  func checkJoins(_ fields: FieldValues<ScenarioSpecField>) {
    guard knowsGroups else { return }
    let joins = scenario.timeline.filter { $0.fault == .join }
    fields.read(.endpoints) { node in
      reader.sequence(node) { index, item in
        guard index < scenario.endpoints.count, scenario.endpoints[index].joinsLater else { return }
        let group = scenario.endpoints[index]
        if joins.contains(where: { $0.target.includes(group) }) { return }
        reader.error(at: item.position, "group `\(group.name)` joins later, but no `join` of the timeline brings it")
      }
    }
    let leaves = scenario.timeline.contains { $0.fault == .leave }
    for join in joins
    where !leaves && !scenario.endpoints.contains(where: { $0.joinsLater && join.target.includes($0) }) {
      fields.error(
        .timeline, "`join` at \(DurationText.text(join.at)) finds nobody: its endpoints are there from the start")
    }
  }
}

extension EventTarget {
  /// Whether endpoints of the group are meant, all or some.
  func includes(_ other: EndpointGroup) -> Bool {
    (group == nil || group == other.name) && (zone == nil || zone == other.zone)
  }
}
