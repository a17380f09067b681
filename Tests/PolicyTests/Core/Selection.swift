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
    var mayTake: Bool
  }

  /// CLOCK_MONOTONIC at the decision: far from zero, so that anything can have happened before.
  static let now: UInt64 = 1 << 50

  private var decision: NativeDecision

  init(_ loadBalancer: LoadBalancer, weights: [UInt16]) {
    decision = NativeDecision(
      cells: EndpointSet.cells(loadBalancer, Members.weighted(weights)),
      states: [swerve_endpoint_state](repeating: swerve_endpoint_state(), count: weights.count))
  }

  init(_ loadBalancer: LoadBalancer, count: Int) {
    self.init(loadBalancer, weights: [UInt16](repeating: 1, count: count))
  }

  subscript(endpoint: Int) -> swerve_endpoint_state {
    get { decision.states[endpoint] }
    set { decision.states[endpoint] = newValue }
  }

  /// Makes an endpoint one that failed `failures` times, the last time so many nanoseconds ago.
  mutating func fail(_ endpoint: Int, failures: UInt32 = 3, agoNanoseconds: UInt64 = 0) {
    self[endpoint].consecutive_failures = failures
    self[endpoint].last_failure_ns = Selection.now - agoNanoseconds
  }

  func select(random: UInt64 = 0, client: UInt64 = 0, sequence: UInt32 = 0) -> Answer {
    var vector = swerve_vector()
    vector.input.now_ns = Selection.now
    vector.input.random = random
    vector.input.client_hash = client
    vector.input.sequence = sequence
    let answer = decision.replay(vector)
    return Answer(endpoint: answer.endpoint, reason: answer.reason, mayTake: answer.may_take == 1)
  }

  /// A decision whose turn, client and chance are all random.
  func select(_ generator: inout SeededGenerator) -> Answer {
    select(
      random: generator.next(), client: generator.next(), sequence: UInt32(truncatingIfNeeded: generator.next()))
  }

  /// How often each endpoint is selected in `decisions` random decisions.
  func shares(decisions: Int, seed: UInt64) -> [Double] {
    var generator = SeededGenerator(state: seed)
    var counts = [Double](repeating: 0, count: decision.states.count)
    for _ in 0..<decisions { counts[Int(select(&generator).endpoint)] += 1 }
    return counts.map { $0 / Double(decisions) }
  }
}
