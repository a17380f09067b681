// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import Testing

@testable import Simulator

/// Each invariant, provoked by what the engine would say if it were broken.
@Suite struct InvariantsTests {
  private func make(_ change: (inout TrafficSettings) -> Void = { _ in }) -> Invariants {
    var settings = TrafficSettings()
    change(&settings)
    return Invariants(nodes: 2, endpoints: 3, settings, isCore: true)
  }

  private func found(_ invariants: Invariants) -> [InvariantName?] {
    invariants.violations.map { InvariantName(rawValue: $0.invariant) }
  }

  @Test func timeThatGoesBackwards() {
    let invariants = make()
    invariants.timePassed(to: 5)
    invariants.timePassed(to: 5)
    #expect(found(invariants) == [])
    invariants.timePassed(to: 4)
    #expect(found(invariants) == [.time])
  }

  @Test func aRequestThatEndsTwice() {
    let invariants = make()
    invariants.requestBegan(node: 0, isMeasured: true)
    invariants.requestEnded(node: 0, wasOpen: true)
    invariants.requestEnded(node: 0, wasOpen: false)
    #expect(found(invariants) == [.once])
  }

  @Test func anAnswerNobodyWaitsFor() {
    let invariants = make()
    invariants.answered(isAwaited: true)
    invariants.answered(isAwaited: false)
    #expect(found(invariants) == [.once])
  }

  @Test func moreEndsThanBeginnings() {
    let invariants = make()
    invariants.sent(node: 1, endpoint: 2)
    invariants.finished(node: 1, endpoint: 2, nil)
    #expect(found(invariants) == [])
    invariants.finished(node: 1, endpoint: 2, nil)
    #expect(found(invariants) == [.neverNegative])
  }

  @Test func moreServedThanArrived() {
    let invariants = make()
    invariants.arrived(endpoint: 1)
    invariants.served(endpoint: 1)
    invariants.served(endpoint: 1)
    #expect(found(invariants) == [.conserved])
  }

  @Test func retriesBeyondTheirNumber() {
    let invariants = make { $0.request.maxRetries = 2 }
    for _ in 0..<2 { invariants.retryBegan(node: 0) }
    invariants.retryBegan(node: 1)
    #expect(found(invariants) == [])
    invariants.retryBegan(node: 0)
    #expect(found(invariants) == [.limits])
  }

  @Test func retriesBeyondTheirBudget() {
    let invariants = make { $0.request.retryBudget = TrafficSettings.RetryBudget() }
    for _ in 0..<20 { invariants.requestBegan(node: 0, isMeasured: true) }
    // A fifth of 20; and three in any case.
    for _ in 0..<4 { invariants.retryBegan(node: 0) }
    #expect(found(invariants) == [])
    invariants.retryEnded(node: 0)
    invariants.retryBegan(node: 0)
    #expect(found(invariants) == [])
    invariants.retryBegan(node: 0)
    #expect(found(invariants) == [.limits])
  }

  @Test func aRequestTriedTooOften() {
    let invariants = make { $0.request.retryAttempts = 2 }
    invariants.retried(node: 0, number: 2)
    invariants.retried(node: 0, number: 3)
    #expect(found(invariants) == [.limits])
  }

  @Test func tooManyThatWaitForAConnection() {
    let invariants = make { $0.maxPendingRequests = 1 }
    invariants.beganToWait(node: 0)
    invariants.ceasedToWait(node: 0)
    invariants.beganToWait(node: 0)
    #expect(found(invariants) == [])
    invariants.beganToWait(node: 0)
    #expect(found(invariants) == [.limits])
  }

  @Test func aConnectionGivenBackTwice() {
    let invariants = make()
    invariants.returned(node: 0)
    #expect(found(invariants) == [.once])
  }

  @Test func panicIsAMatterOfShares() {
    let invariants = make { $0.outlierDetection.healthyPanicThresholdPercent = 50 }
    #expect(!invariants.panics(taking: 10, ejected: 0))
    #expect(!invariants.panics(taking: 10, ejected: 5))
    #expect(invariants.panics(taking: 10, ejected: 6))
    // Those that drain are ejected, too, and in no share.
    #expect(invariants.panics(taking: 2, ejected: 3))
  }

  @Test func violationsAreBounded() {
    let invariants = make()
    for _ in 0..<1_000 { invariants.answered(isAwaited: false) }
    #expect(invariants.violations.count == Invariants.violationsMax)
  }
}
