// SPDX-License-Identifier: Apache-2.0

public import Simulator

/// When which client of a scenario sends a request: drawn before it begins, so that sending takes no time for it.
public struct ArrivalSchedule: Sendable {
  public struct Arrival: Sendable, Equatable {
    /// Nanoseconds from the start.
    public let time: UInt64
    public let client: Int
  }

  /// In the order of time.
  public let arrivals: [Arrival]

  /// Phases that are not in requests per second are left out; see ``RealRunLimits``.
  public init(_ scenario: Scenario, seed: UInt64) {
    var random = Random(seed: seed)
    var arrivals: [Arrival] = []
    let phases = scenario.load.sorted { $0.start < $1.start }
    for (index, phase) in phases.enumerated() {
      guard let rate = scenario.requestsPerSecond(phase), rate > 0 else { continue }
      let end = index + 1 < phases.count ? min(phases[index + 1].start, scenario.duration) : scenario.duration
      let gap = 1e9 / rate
      let distances = phase.arrivals == .poisson ? Distribution.exponential(mean: gap) : .constant(gap)
      var time = Double(phase.start) + distances.sample(using: &random)
      while time < Double(end), arrivals.count < RealRunLimits.requestsMax {
        let client = Int(random.next() % UInt64(max(1, scenario.clients.count)))
        arrivals.append(Arrival(time: UInt64(time), client: client))
        time += max(1, distances.sample(using: &random))
      }
    }
    self.arrivals = arrivals
  }
}

extension Scenario {
  /// Of a phase, all clients together; nil: it has no rate of its own.
  func requestsPerSecond(_ phase: LoadPhase) -> Double? {
    if case .requestsPerSecond(let rate) = phase.amount { rate } else { nil }
  }
}
