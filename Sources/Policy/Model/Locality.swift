// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where an endpoint runs. Thousands of endpoints share few localities, so one object stands for each.
final class Locality: Sendable {
  let zone: String?
  let nodeName: String?

  private init(zone: String?, nodeName: String?) {
    self.zone = zone
    self.nodeName = nodeName
  }

  private struct Key: Hashable {
    let zone: String?
    let nodeName: String?
  }

  /// More nodes than a cluster has. When the table is full it is emptied: objects in use stay, sharing starts afresh.
  private static let tableCountMax = 65_536
  private static let table = Mutex<[Key: Locality]>([:])

  /// The one object for this zone and node; nil when neither is known.
  static func shared(zone: String?, nodeName: String?) -> Locality? {
    if zone == nil && nodeName == nil { return nil }
    let key = Key(zone: zone, nodeName: nodeName)
    return table.withLock { table in
      if let known = table[key] { return known }
      if table.count >= tableCountMax { table.removeAll() }
      let locality = Locality(zone: zone, nodeName: nodeName)
      table[key] = locality
      return locality
    }
  }
}

extension Locality: Hashable {
  static func == (left: Locality, right: Locality) -> Bool {
    left === right || (left.zone == right.zone && left.nodeName == right.nodeName)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(zone)
    hasher.combine(nodeName)
  }
}
