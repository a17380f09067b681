// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testbed
import Testing

@testable import Policy

/// The algorithms that keep a client with its endpoint.
@Suite struct ConsistentHashTests {
  static let algorithms = [LoadBalancer.maglev, .sourceIP]

  private func clients(_ count: Int) -> [UInt64] {
    var random = SeededGenerator(seed: 17)
    return (0..<count).map { _ in random.next() }
  }

  @Test(arguments: algorithms) func sameClientGetsTheSameEndpoint(loadBalancer: LoadBalancer) throws {
    let selection = Selection(loadBalancer, weights: [1, 2, 3, 1, 1])
    for client in clients(500) {
      let first = selection.select(client: client)
      for turn in 1..<5 as Range<UInt32> {
        try #require(selection.select(random: UInt64(turn) << 60, client: client, sequence: turn) == first)
      }
    }
  }

  @Test(arguments: algorithms) func ejectedEndpointsClientsKeepASecondChoice(loadBalancer: LoadBalancer) throws {
    let healthy = Selection(loadBalancer, count: 5)
    var selection = healthy
    selection.eject(2)
    var seconds: Set<UInt32> = []
    for client in clients(2000) {
      let first = healthy.select(client: client).endpoint
      let answer = selection.select(client: client)
      try #require(answer.endpoint != 2 && !answer.isProbe && answer.reason == SWERVE_REASON_NONE.rawValue)
      // Nobody else's clients move.
      if first != 2 { try #require(answer.endpoint == first) }
      if first == 2 { seconds.insert(answer.endpoint) }
      try #require(selection.select(random: .max, client: client, sequence: 9) == answer)
    }
    // The clients that do move are spread over all that are left.
    #expect(seconds == [0, 1, 3, 4])
  }

  @Test(arguments: algorithms) func clientsReturnWhenTheirEndpointRecovers(loadBalancer: LoadBalancer) throws {
    let healthy = Selection(loadBalancer, count: 5)
    var recovered = healthy
    // Its time is over: its first client comes back as the probe, and all do when that has succeeded.
    recovered.eject(2, forNanoseconds: 0)
    for client in clients(500) {
      var expected = healthy.select(client: client)
      expected.isProbe = expected.endpoint == 2
      try #require(recovered.select(client: client) == expected)
    }
    recovered.warmUp(2, agoNanoseconds: 0)
    for client in clients(500) { try #require(recovered.select(client: client) == healthy.select(client: client)) }
  }
}
