// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import SwerveCore

/// What can be shown without the kernel: the decision core that the BPF programs are compiled from, run natively.
enum UnprivilegedDemo {
  private static let weights: [UInt16] = [1, 2, 3, 4]
  private static let decisions = 100_000

  static func claims() throws -> [Claim] {
    [LoadBalancer.roundRobin, .random].map { loadBalancer in
      let counts = selections(loadBalancer)
      let total = weights.reduce(0) { $0 + Int($1) }
      let expected = weights.map { Int($0) * decisions / total }
      let held = zip(counts, expected).allSatisfy { abs($0 - $1) <= decisions / 100 }
      return Claim(
        "\(loadBalancer.rawValue) follows the weights 1:2:3:4", held,
        "\(decisions) decisions of the native core: \(counts)")
    }
  }

  private static func selections(_ loadBalancer: LoadBalancer) -> [Int] {
    let members = weights.enumerated().map { index, weight in
      EndpointSet.Member(
        address: IPAddress(ipv4: 0x7f00_0101 + UInt32(index)), port: 8080, weight: weight, id: UInt32(index),
        generation: 1)
    }
    let decision = NativeDecision(
      cells: EndpointSet.cells(loadBalancer, members), states: members.map { _ in swerve_endpoint_state() })
    var counts = [Int](repeating: 0, count: members.count)
    var generator = SystemRandomNumberGenerator()
    for number in 0..<decisions {
      var vector = swerve_vector()
      vector.input.now_ns = 1
      vector.input.random = generator.next()
      vector.input.sequence = UInt32(number)
      counts[Int(decision.replay(vector).endpoint)] += 1
    }
    return counts
  }
}
