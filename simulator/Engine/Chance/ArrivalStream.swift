// SPDX-License-Identifier: Apache-2.0

/// When requests come, from whom, and what they are like: the same for every selector with the same seed.
struct ArrivalStream {
  private let phases: [(start: UInt64, interval: Double, isPoisson: Bool)]
  private let duration: UInt64
  private let clientCount: Int
  private var random: Random
  private var phase = 0
  /// Exact time of the last one, so that rounding does not add up.
  private var time = 0.0

  init(_ scenario: Scenario, seed: UInt64) {
    duration = scenario.duration
    clientCount = scenario.clients.count
    random = Random(seed: seed, stream: 1)
    phases = scenario.load.map { phase in
      let rate = scenario.requestsPerSecond(phase.amount)
      return (phase.start, rate > 0 ? 1e9 / rate : 0, phase.arrivals == .poisson)
    }
  }

  /// The time of the next arrival; nil when there is none any more.
  mutating func next() -> UInt64? {
    while true {
      let end = phase + 1 < phases.count ? phases[phase + 1].start : duration
      let current = phases[phase]
      if current.interval > 0 {
        time = max(time, Double(current.start))
        time += current.isPoisson ? current.interval * random.exponential() : current.interval
        if time < Double(end) { return UInt64(time) }
      }
      if phase + 1 >= phases.count { return nil }
      phase += 1
      time = Double(end)
    }
  }

  /// Of the next request.
  @inline(__always)
  mutating func client() -> Int { clientCount == 1 ? 0 : random.below(clientCount) }

  @inline(__always)
  mutating func seed() -> UInt64 { random.next() }
}

extension Scenario {
  /// Of all clients together; 0 for a closed loop.
  func requestsPerSecond(_ amount: LoadPhase.Amount) -> Double {
    switch amount {
    case .requestsPerSecond(let rate): return rate
    case .closedLoop: return 0
    case .utilization(let share):
      // Requests go to endpoints in proportion to what these can do.
      let perNanosecond = endpoints.filter { !$0.joinsLater }.reduce(0.0) { sum, group in
        let mean = (group.work ?? work).mean
        return mean > 0 ? sum + Double(group.count) * group.cores * group.speed / mean : sum
      }
      return share * perNanosecond * 1e9
    }
  }

  /// Pause of the clients of a closed loop at a time; nil when there is none then.
  func thinkTime(at time: UInt64) -> Distribution? {
    guard let phase = load.last(where: { $0.start <= time }), case .closedLoop(let think) = phase.amount else {
      return nil
    }
    return think
  }
}
