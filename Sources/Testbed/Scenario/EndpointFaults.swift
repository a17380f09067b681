// SPDX-License-Identifier: Apache-2.0

internal import Simulator

/// What is wrong with an endpoint at the moment.
struct EndpointFaults {
  private var active: [Int: Fault] = [:]

  mutating func begin(_ number: Int, _ fault: Fault) { active[number] = fault }
  mutating func end(_ number: Int) { active[number] = nil }

  var isCrashed: Bool { active.values.contains(.crash) }
  var isHanging: Bool { active.values.contains(.hang) }

  /// 0 while it hangs.
  var speedFactor: Double {
    isHanging
      ? 0
      : active.values.reduce(1) { product, fault in
        if case .slow(let factor) = fault { product / factor } else { product }
      }
  }

  var coresFactor: Double {
    active.values.reduce(1) { product, fault in
      if case .capacity(let factor) = fault { product * factor } else { product }
    }
  }

  /// In the order of the timeline.
  var errors: [(rate: Double, status: Int, latency: UInt64)] {
    active.sorted { $0.key < $1.key }.compactMap { _, fault in
      if case .errors(let rate, let status, let latency) = fault { (rate, status, latency) } else { nil }
    }
  }
}
