// SPDX-License-Identifier: Apache-2.0

import Policy

extension ScenarioReader {
  func clients(_ node: Node) {
    guard let fields = FieldValues(reader, node, ClientsField.self) else { return }
    var clients = Clients()
    clients.count = fields.integer(.count) ?? clients.count
    clients.nodes = fields.integer(.nodes) ?? clients.nodes
    if fields.has(.nodes), clients.nodes > clients.count {
      fields.error(.nodes, "\(clients.nodes) nodes for \(clients.count) clients: each needs one of its own")
      clients.nodes = clients.count
    }
    clients.zones = zones(fields, nodes: clients.nodes)
    clients.mode = fields.word(.mode, Clients.Mode.self) ?? clients.mode
    clients.timeout = fields.duration(.timeout) ?? clients.timeout
    clients.cancelsWork = fields.boolean(.cancelsWork) ?? clients.cancelsWork
    clients.keepAlive = fields.duration(.keepAlive) ?? clients.keepAlive
    clients.requestsPerConnection = fields.integer(.requestsPerConnection) ?? clients.requestsPerConnection
    clients.replicas = fields.integer(.replicas) ?? clients.replicas
    if clients.replicas > scenario.endpointCount, knowsGroups {
      fields.error(.replicas, "\(clients.replicas) replicas, but \(scenario.endpointCount) endpoints")
    }
    for field in fields.present(of: [.keepAlive, .requestsPerConnection]) where clients.mode == .request {
      fields.error(field, "`\(field.rawValue)` is of `mode: connection`")
    }
    scenario.clients = clients
  }

  private func zones(_ fields: FieldValues<ClientsField>, nodes: Int) -> [String] {
    var seen: Set<String> = []
    let zones = fields.list(.zones, countMax: ScenarioLimit.clientsMax) { node -> String? in
      guard let zone = reader.name(node, .labelValue) else { return nil }
      if !seen.insert(zone).inserted { reader.error(at: node.position, "zone `\(zone)` is named twice") }
      return zone
    }
    if let zones, zones.count > nodes {
      fields.error(.zones, "\(zones.count) zones for \(nodes) nodes: a zone without a node has no effect")
    }
    return zones ?? []
  }

  /// One phase, or a list of them.
  func load(_ node: Node) {
    if node.kind == .mapping {
      if let phase = phase(node) { scenario.load = [phase] }
      return
    }
    guard reader.expect(node, .sequence, "a phase or a sequence of phases") else { return }
    reader.sequence(node, countMax: ScenarioLimit.phasesMax) { _, item in
      if let phase = phase(item) { scenario.load.append(phase) }
    }
    if node.count == 0 { reader.error(at: node.position, "no phase, so that no request would come") }
  }

  private func phase(_ node: Node) -> LoadPhase? {
    guard let fields = FieldValues(reader, node, LoadField.self) else { return nil }
    let start = fields.has(.from) ? moment(fields, .from) : 0
    if let start, let before = scenario.load.last, start <= before.start {
      let place = fields.has(.from) ? "`from` is" : "without `from` it begins at 0s,"
      reader.error(
        at: fields.read(.from) { $0.position } ?? node.position,
        "\(place) not after that of the phase before, \(DurationText.text(before.start))")
    }
    guard let field = reader.only(fields, of: LoadField.amounts, in: node), let amount = amount(fields, field) else {
      return nil
    }
    let arrivals = fields.word(.arrivals, LoadPhase.Arrivals.self) ?? .poisson
    if field == .closedLoop, fields.has(.arrivals) {
      fields.error(.arrivals, "`arrivals` does not go with `closedLoop`: the next request comes after an answer")
    }
    return start.map { LoadPhase(start: $0, amount, arrivals: arrivals) }
  }

  private func amount(_ fields: FieldValues<LoadField>, _ field: LoadField) -> LoadPhase.Amount? {
    switch field {
    case .requestsPerSecond: return fields.number(field).map { .requestsPerSecond($0) }
    case .utilization:
      guard let share = fields.number(field) else { return nil }
      checkCores(fields)
      return .utilization(share)
    case .closedLoop:
      return fields.read(field) { node in
        guard let loop = FieldValues(reader, node, ClosedLoopField.self),
          let think = loop.distribution(.think, .time)
        else { return nil }
        // What is answered at once and asked again at once would never let time go on.
        if think.mean < 1_000 { loop.error(.think, "less than 1us on average") }
        return .closedLoop(think: think)
      }
    default: return nil
    }
  }

  /// Utilization is a share of cores that work fills.
  private func checkCores(_ fields: FieldValues<LoadField>) {
    for group in scenario.endpoints {
      if group.discipline == .delay {
        return fields.error(
          .utilization, "group `\(group.name)` has discipline `delay`, and so no cores to use; say `requestsPerSecond`")
      }
      if (group.work ?? scenario.work).mean <= 0 {
        return fields.error(.utilization, "group `\(group.name)` has no work that could fill its cores")
      }
    }
  }
}
