// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The settings of services. Thousands of services have few different ones, so one object stands for equal settings.
final class SharedSettings: Sendable {
  let value: TrafficSettings

  private init(_ value: TrafficSettings) {
    self.value = value
  }

  /// When the table is full it is emptied: objects in use stay, sharing starts afresh.
  private static let tableCountMax = 1024
  private static let table = Mutex<[TrafficSettings: SharedSettings]>([:])

  /// The one object for these settings.
  static func shared(_ value: TrafficSettings) -> SharedSettings {
    // A response of up to a megabyte would stay here after its service has gone.
    if case .response = value.fallback { return SharedSettings(value) }
    return table.withLock { table in
      if let known = table[value] { return known }
      if table.count >= tableCountMax { table.removeAll() }
      let settings = SharedSettings(value)
      table[value] = settings
      return settings
    }
  }
}

extension SharedSettings: Hashable {
  static func == (left: SharedSettings, right: SharedSettings) -> Bool {
    left === right || left.value == right.value
  }

  func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
