// SPDX-License-Identifier: Apache-2.0

/// Things that happen seldom: the timeline, the agents' looks, capacities that change. In the order of their times, first
/// come first of those at the same.
struct ControlQueue {
  typealias Action = (Simulation) -> Void

  private var entries: [(time: UInt64, action: Action)] = []

  var nextTime: UInt64 { entries.last?.time ?? .max }

  mutating func push(at time: UInt64, _ action: @escaping Action) {
    // Latest first, so that the next one is taken from the end; a new one comes after those of the same time.
    let place = entries.firstIndex { $0.time <= time } ?? entries.count
    entries.insert((time, action), at: place)
  }

  mutating func pop() -> Action? { entries.popLast()?.action }
}
