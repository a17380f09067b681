// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Dataplane

extension KernelTests {
  /// What the relay asks the kernel before it lets it steer requests.
  @Suite struct SelfTestTests {
    @Test func thisKernelCanCarryRequests() {
      let outcomes = SelfTest().run()
      #expect(SelfTest.obstacles(outcomes).isEmpty)
      #expect(outcomes.count == SelfTest.Check.all.count)
      for outcome in outcomes { #expect(!outcome.detail.isEmpty) }
    }

    /// Its sockets really fail then: bytes that TCP brings are not queued behind the redirected ones.
    @Test func aKernelThatMixesUpBytesFails() {
      let outcomes = SelfTest(queuesArrivals: false).run()
      let failed = Set(outcomes.filter { !$0.passed }.map(\.name))
      #expect(failed.isSuperset(of: ["order", "FIONREAD"]))
      #expect(!SelfTest.obstacles(outcomes).isEmpty)
      #expect(outcomes.contains { $0.name == "echo" && $0.passed })
    }

    @Test func itIsBoundedInTime() {
      let clock = ContinuousClock()
      for queuesArrivals in [true, false] {
        let taken = clock.measure { _ = SelfTest(queuesArrivals: queuesArrivals).run() }
        #expect(taken < .seconds(5))
      }
    }

    @Test func whatIsNotRequiredIsNoObstacle() {
      let outcomes = [
        SelfTest.Outcome(name: "echo", passed: true, required: true, detail: "good"),
        SelfTest.Outcome(name: "splice", passed: false, required: false, detail: "bad"),
      ]
      #expect(SelfTest.obstacles(outcomes).isEmpty)
    }
  }
}
