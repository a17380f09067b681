// SPDX-License-Identifier: Apache-2.0

import Policy

private let bytesMax = 1_000_000_000

/// What the network as a whole and one path of it can say.
private enum PathProperty: String {
  case latency, loss, retransmissionTimeout, bytesPerSecond

  var shape: Shape {
    switch self {
    case .latency: .timeDistribution
    case .loss: .number(0...0.99)
    case .retransmissionTimeout: .nanoseconds(1_000...3_600_000_000_000)
    case .bytesPerSecond: .number(0...1e15)
    }
  }
}

enum NetworkField: String, ScenarioField {
  case latency, loss, retransmissionTimeout, bytesPerSecond, requestBytes, responseBytes, paths
  static let table = FieldTable<Self>()
  var shape: Shape {
    switch self {
    case .requestBytes, .responseBytes: .integer(0...bytesMax)
    case .paths: .list(.object(NetworkPathField.self))
    default: PathProperty(rawValue: rawValue)?.shape ?? .anything
    }
  }
}

enum NetworkPathField: String, ScenarioField {
  case fromZone, toZone, toGroup, latency, loss, retransmissionTimeout, bytesPerSecond
  static let table = FieldTable<Self>()
  static let ends: [Self] = [.fromZone, .toZone, .toGroup]
  var shape: Shape { PathProperty(rawValue: rawValue)?.shape ?? .text }
}

extension ScenarioReader {
  func network(_ node: Node) {
    guard let fields = FieldValues(reader, node, NetworkField.self) else { return }
    let path = Network.Path(
      fields, .latency, .loss, .retransmissionTimeout, .bytesPerSecond, otherwise: Network.Path())
    scenario.network.path = path
    scenario.network.requestBytes = fields.integer(.requestBytes) ?? scenario.network.requestBytes
    scenario.network.responseBytes = fields.integer(.responseBytes) ?? scenario.network.responseBytes
    let routes = fields.list(.paths, countMax: ScenarioLimit.pathsMax) { route($0, otherwise: path) }
    scenario.network.paths = routes ?? []
  }

  /// What a path does not say is as for the whole network.
  private func route(_ node: Node, otherwise path: Network.Path) -> Network.Route? {
    guard let fields = FieldValues(reader, node, NetworkPathField.self) else { return nil }
    var route = Network.Route(
      path: Network.Path(fields, .latency, .loss, .retransmissionTimeout, .bytesPerSecond, otherwise: path))
    route.fromZone = fields.read(.fromZone) { reader.known($0, "zone of clients", among: scenario.clients.zones) }
    route.toZone = fields.read(.toZone) { known($0, "zone of endpoints", among: endpointZones) }
    route.toGroup = fields.read(.toGroup) { known($0, "endpoint group", among: scenario.endpoints.map(\.name)) }
    if fields.present(of: NetworkPathField.ends).isEmpty {
      reader.error(
        at: node.position,
        "a path needs `fromZone`, `toZone` or `toGroup`; what is true of all stands in `network` itself")
    }
    return route
  }

  /// Zones that have endpoints, in the order of the groups.
  var endpointZones: [String] {
    var seen: Set<String> = []
    return scenario.endpoints.compactMap(\.zone).filter { seen.insert($0).inserted }
  }

  /// Says nothing when a group could not be read: the name may be its.
  func known(_ node: Node, _ what: String, among names: [String]) -> String? {
    knowsGroups ? reader.known(node, what, among: names) : nil
  }
}

extension Network.Path {
  fileprivate init<Name>(
    _ fields: FieldValues<Name>, _ latency: Name, _ loss: Name, _ retransmissionTimeout: Name, _ bytesPerSecond: Name,
    otherwise path: Network.Path
  ) {
    self = path
    self.latency = fields.distribution(latency, .time) ?? path.latency
    self.loss = fields.number(loss) ?? path.loss
    self.retransmissionTimeout = fields.duration(retransmissionTimeout) ?? path.retransmissionTimeout
    self.bytesPerSecond = fields.number(bytesPerSecond) ?? path.bytesPerSecond
  }
}
