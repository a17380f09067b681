// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// The edges of the breaker: closed, open, half-open, and back.
@Suite struct BreakerTests {
  private let error = SWERVE_RESULT_ERROR
  private let success = SWERVE_RESULT_SUCCESS

  @Test func failuresInARowOpenIt() {
    let service = Service()
    #expect(service.judge(error).event == SWERVE_EVENT_NONE)
    #expect(service.judge(error).event == SWERVE_EVENT_NONE)
    #expect(service.breaker() == SWERVE_BREAKER_CLOSED)
    let transition = service.judge(error)
    #expect(transition.event == SWERVE_EVENT_OPEN && transition.reason == SWERVE_CAUSE_CONSECUTIVE_5XX)
    #expect(transition.consecutive == 3 && transition.ejected == 1)
    #expect(transition.until_ns == Service.base + Service.second)
    #expect(service.breaker() == SWERVE_BREAKER_OPEN && service.time() == Service.base + Service.second)
    #expect(service.state.pointee.ejected == 1)
    #expect(service.states[0].ejections_total == 1 && service.states[0].cause == SWERVE_CAUSE_CONSECUTIVE_5XX.rawValue)
    // Counted anew when it is back.
    #expect(service.states[0].consecutive_5xx == 0)
  }

  @Test func aProbeIsOfferedWhenTheTimeIsOverAndNotBefore() {
    let service = Service(endpoints: 1)
    service.judge([error, error, error])
    let due = service.time()
    #expect(service.select(at: due - 1) == Service.Choice(endpoint: nil, reason: SWERVE_REASON_NO_HEALTHY, probe: 0))
    let word = service.states[0].breaker
    #expect(service.select(at: due) == Service.Choice(endpoint: 0, reason: SWERVE_REASON_NONE, probe: word))
    #expect(service.claim(0, word, at: due))
    #expect(service.breaker() == SWERVE_BREAKER_HALF_OPEN && service.time() == due)
    #expect(service.state.pointee.ejected == 1)
  }

  @Test func aProbeThatSucceedsClosesIt() {
    let service = Service()
    let due = service.probe()
    let transition = service.judge(success, at: due + 5, started: due)
    #expect(transition.event == SWERVE_EVENT_CLOSED && transition.reason == SWERVE_CAUSE_PROBE_SUCCEEDED)
    #expect(transition.ejected == 0 && service.state.pointee.ejected == 0)
    #expect(service.states[0].breaker == 0 && service.states[0].returned_ns == due + 5)
  }

  @Test func aProbeThatSucceedsBeginsTheWarmUp() {
    let service = Service(warmupMilliseconds: 1000)
    let due = service.probe()
    service.judge(success, at: due + 16, started: due)
    #expect(service.breaker() == SWERVE_BREAKER_CLOSED && service.time() == due + 16)
  }

  @Test(arguments: [SWERVE_RESULT_ERROR, SWERVE_RESULT_GATEWAY, SWERVE_RESULT_LOCAL])
  func aProbeThatFailsOpensItAtOnce(result: swerve_result) {
    let service = Service { $0.split_local_origin = 1 }
    let due = service.probe()
    let transition = service.judge(result, at: due + 8, started: due)
    #expect(transition.event == SWERVE_EVENT_OPEN && transition.reason == SWERVE_CAUSE_PROBE_FAILED)
    #expect(transition.consecutive == 1 && transition.ejected == 1)
    #expect(service.breaker() == SWERVE_BREAKER_OPEN && service.state.pointee.ejected == 1)
    #expect(service.states[0].ejections_total == 2)
  }

  @Test func aResultOfBeforeTheProbeIsNotTheProbes() {
    for result in [success, error] {
      let service = Service()
      let due = service.probe()
      #expect(service.judge(result, at: due + 9, started: due - 8).event == SWERVE_EVENT_NONE)
      #expect(service.breaker() == SWERVE_BREAKER_HALF_OPEN && service.time() == due)
    }
  }

  @Test func aResultOfBeforeTheEjectionChangesNothing() {
    let service = Service()
    service.judge([error, error, error])
    let word = service.states[0].breaker
    for result in [success, error, error, error, error] {
      #expect(service.judge(result, at: Service.base + 7).event == SWERVE_EVENT_NONE)
    }
    #expect(service.states[0].breaker == word && service.state.pointee.ejected == 1)
  }

  @Test func exactlyOneProbeIsClaimed() {
    for _ in 0..<200 {
      let service = Service(endpoints: 1)
      service.judge([error, error, error])
      let due = service.time()
      let claimed = Shared(), offered = Shared()
      onThreads(8) { _ in
        let choice = service.select(at: due)
        guard choice.probe != 0 else { return }
        _ = swerve_native_add32(offered.word, 1)
        if service.claim(0, choice.probe, at: due) { _ = swerve_native_add32(claimed.word, 1) }
      }
      #expect(claimed.word.pointee == 1 && offered.word.pointee >= 1)
    }
  }

  @Test func exactlyOneOfManyFailuresOpensIt() {
    for _ in 0..<200 {
      let service = Service { $0.max_ejection_percent = 100 }
      let opened = Shared()
      onThreads(8) { _ in
        for _ in 0..<20 where service.judge(SWERVE_RESULT_ERROR).event == SWERVE_EVENT_OPEN {
          _ = swerve_native_add32(opened.word, 1)
        }
      }
      #expect(opened.word.pointee == 1 && service.state.pointee.ejected == 1)
      #expect(service.states[0].ejections_total == 1)
    }
  }

  @Test func aLostProbeMakesRoomForAnotherAfterItsTimeout() {
    let service = Service(endpoints: 1)
    let due = service.probe()
    let timeout = UInt64(SWERVE_PROBE_TIMEOUT_MS) * Service.millisecond
    #expect(service.select(at: due + timeout - 1).reason == SWERVE_REASON_NO_HEALTHY)
    let choice = service.select(at: due + timeout)
    #expect(choice.endpoint == 0 && choice.probe == service.states[0].breaker)
    #expect(service.claim(0, choice.probe, at: due + timeout))
    // The lost one, should it be heard of after all, is not the probe any more.
    #expect(service.judge(success, at: due + timeout + 8, started: due).event == SWERVE_EVENT_NONE)
    #expect(service.judge(success, at: due + timeout + 8, started: due + timeout).event == SWERVE_EVENT_CLOSED)
  }

  @Test func anEndpointThatLeavesIsNotAmongTheEjectedAnyMore() {
    let service = Service()
    service.judge([error, error, error], 0)
    service.judge([error, error, error], 1)
    service.probe(1)
    #expect(service.state.pointee.ejected == 2)
    service.leave(0)
    service.leave(1)
    service.leave(2)
    #expect(service.state.pointee.ejected == 0 && service.states.allSatisfy { $0.breaker == 0 })
  }

  @Test func leavingWhileItIsEjectedCountsOnceHoweverTheRaceEnds() {
    for _ in 0..<200 {
      let service = Service()
      service.judge([error, error])
      onThreads(2) { number in
        if number == 0 { service.leave(0) } else { service.judge(SWERVE_RESULT_ERROR) }
      }
      let isEjected = service.breaker() == SWERVE_BREAKER_OPEN
      #expect(service.state.pointee.ejected == (isEjected ? 1 : 0))
    }
  }
}
