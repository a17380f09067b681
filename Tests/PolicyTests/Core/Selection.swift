// SPDX-License-Identifier: Apache-2.0

import Testbed
import SwerveABI
import SwerveCore

@testable import Policy

/// One service's endpoints, and the decisions the native core takes on them.
struct Selection {
  struct Answer: Equatable {
    var endpoint: UInt32
    var reason: UInt32
    var isProbe: Bool
  }

  /// CLOCK_MONOTONIC at the decision: far from zero, so that anything can have happened before.
  static let now: UInt64 = 1 << 50
  static let nanosecondsPerSecond: UInt64 = 1_000_000_000
  /// A breaker's word keeps times in these steps.
  static let timeStep = UInt64(SWERVE_BREAKER_FLAGS.rawValue) + 1

  private var decision: NativeDecision

  init(_ loadBalancer: LoadBalancer, _ members: [EndpointSet.Member], settings: TrafficSettings = TrafficSettings()) {
    decision = NativeDecision(
      cells: EndpointSet.cells(loadBalancer, members, settings: settings),
      states: [swerve_endpoint_state](repeating: swerve_endpoint_state(), count: members.count))
  }

  init(_ loadBalancer: LoadBalancer, weights: [UInt16], settings: TrafficSettings = TrafficSettings()) {
    self.init(loadBalancer, Members.weighted(weights), settings: settings)
  }

  init(_ loadBalancer: LoadBalancer, count: Int, settings: TrafficSettings = TrafficSettings()) {
    self.init(loadBalancer, weights: [UInt16](repeating: 1, count: count), settings: settings)
  }

  subscript(endpoint: Int) -> swerve_endpoint_state {
    get { decision.states[endpoint] }
    set { decision.states[endpoint] = newValue }
  }

  private mutating func setBreaker(_ endpoint: Int, _ state: swerve_breaker, _ time: UInt64) {
    self[endpoint].breaker = time / Selection.timeStep * Selection.timeStep | UInt64(state.rawValue)
  }

  /// Ejects an endpoint until so many nanoseconds from the decision.
  mutating func eject(_ endpoint: Int, forNanoseconds time: UInt64 = nanosecondsPerSecond) {
    setBreaker(endpoint, SWERVE_BREAKER_OPEN, Selection.now + time)
  }

  /// Has an endpoint probed since so many nanoseconds before the decision.
  mutating func probe(_ endpoint: Int, agoNanoseconds: UInt64) {
    setBreaker(endpoint, SWERVE_BREAKER_HALF_OPEN, Selection.now - agoNanoseconds)
  }

  /// Has an endpoint back in rotation since so many nanoseconds before the decision.
  mutating func warmUp(_ endpoint: Int, agoNanoseconds: UInt64) {
    setBreaker(endpoint, SWERVE_BREAKER_CLOSED, Selection.now - agoNanoseconds)
  }

  /// As the service's state counts them.
  private var ejected: UInt32 {
    let states = UInt64(SWERVE_BREAKER_STATES.rawValue)
    return UInt32(decision.states.count { $0.breaker & states != UInt64(SWERVE_BREAKER_CLOSED.rawValue) })
  }

  func select(random: UInt64 = 0, client: UInt64 = 0, sequence: UInt32 = 0) -> Answer {
    var vector = swerve_vector()
    vector.input.now_ns = Selection.now
    vector.input.random = random
    vector.input.client_hash = client
    vector.input.sequence = sequence
    vector.input.ejected = ejected
    let answer = decision.replay(vector)
    return Answer(endpoint: answer.endpoint, reason: answer.reason, isProbe: answer.is_probe == 1)
  }

  /// A decision whose turn, client and chance are all random.
  func select(_ generator: inout SeededGenerator) -> Answer {
    select(
      random: generator.next(), client: generator.next(), sequence: UInt32(truncatingIfNeeded: generator.next()))
  }

  /// How often each endpoint is selected in `decisions` random decisions.
  func shares(decisions: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    var counts = [Double](repeating: 0, count: decision.states.count)
    for _ in 0..<decisions { counts[Int(select(&generator).endpoint)] += 1 }
    return counts.map { $0 / Double(decisions) }
  }
}

extension TrafficSettings {
  /// The defaults, with another panic threshold.
  static func panicking(below percent: UInt32) -> TrafficSettings {
    var settings = TrafficSettings()
    settings.outlierDetection.healthyPanicThresholdPercent = percent
    return settings
  }
}
