// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// How long an ejection lasts, how many there may be, and what is ejected by hand.
@Suite struct EjectionTests {
  private let failures = Array(repeating: SWERVE_RESULT_ERROR, count: 3)
  private let base = Service.base

  /// Seconds of an ejection that begins at `now`.
  private func seconds(_ transition: swerve_transition, from now: UInt64) -> UInt64 {
    (transition.until_ns - now) / Service.second
  }

  /// Ejects, probes and takes back the endpoint; when that is.
  private func goRound(_ service: Service, from now: UInt64) -> (seconds: UInt64, back: UInt64) {
    let ejection = service.judge(failures, at: now)
    let due = service.probe()
    service.judge(SWERVE_RESULT_SUCCESS, at: due, started: due)
    return (seconds(ejection, from: now), due)
  }

  @Test func timeGrowsByTheBaseTimeUpToTheLongest() {
    let service = Service()
    var now = base, times: [UInt64] = []
    for _ in 0..<14 {
      let (seconds, back) = goRound(service, from: now)
      times.append(seconds)
      now = back + 1
    }
    #expect(times == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10, 10])
    #expect(service.states[0].ejections_total == 14)
  }

  @Test func timeGrowsWithEveryFailedProbe() {
    let service = Service()
    var now = base
    var transition = service.judge(failures, at: now)
    var times = [seconds(transition, from: now)]
    for _ in 0..<12 {
      now = service.probe()
      transition = service.judge(SWERVE_RESULT_LOCAL, at: now, started: now)
      times.append(seconds(transition, from: now))
    }
    #expect(times == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10])
  }

  @Test func timeShrinksWithEveryQuietInterval() {
    let service = Service()
    var now = base
    for _ in 0..<4 { now = goRound(service, from: now).back }
    // Less than one interval of ten seconds takes nothing off, two take two.
    let fifth = goRound(service, from: now + 10 * Service.second - 1)
    #expect(fifth.seconds == 5)
    let next = goRound(service, from: fifth.back + 20 * Service.second)
    #expect(next.seconds == 4)
    #expect(goRound(service, from: next.back + 1000 * Service.second).seconds == 1)
  }

  /// Ejections that could not make it longer any more do not keep it long afterwards.
  @Test func timeShrinksFromTheLongestAsSoonAsItMay() {
    let service = Service()
    var now = base
    for _ in 0..<50 { now = goRound(service, from: now).back }
    #expect(goRound(service, from: now + 50 * Service.second).seconds == 6)
  }

  @Test func aLongestTimeBelowTheBaseTimeIsTheBaseTime() {
    let service = Service { $0.max_ejection_ms = 10 }
    var now = base
    for _ in 0..<3 {
      let (seconds, back) = goRound(service, from: now)
      #expect(seconds == 1)
      now = back
    }
  }

  @Test func oneMayAlwaysBeEjected() {
    let service = Service { $0.max_ejection_percent = 0 }
    #expect(service.judge(failures, 0).event == SWERVE_EVENT_OPEN)
    #expect(service.judge(failures, 1).event == SWERVE_EVENT_NONE)
    #expect(service.state.pointee.ejected == 1 && service.breaker(1) == SWERVE_BREAKER_CLOSED)
  }

  @Test(arguments: [(10, 1), (49, 1), (50, 2), (74, 2), (75, 3), (100, 4)] as [(UInt16, Int)])
  func noMoreAreEjectedThanThePolicysShare(percent: UInt16, most: Int) {
    let service = Service { $0.max_ejection_percent = percent }
    let opened = (0..<4).count { service.judge(failures, $0).event == SWERVE_EVENT_OPEN }
    #expect(opened == most && service.state.pointee.ejected == UInt32(most))
  }

  @Test func whatMayNotBeEjectedIsWhenThereIsRoom() {
    let service = Service { $0.max_ejection_percent = 25 }
    service.judge(failures, 0)
    #expect(service.judge(failures, 1).event == SWERVE_EVENT_NONE)
    let due = service.probe(0)
    service.judge(SWERVE_RESULT_SUCCESS, 0, at: due, started: due)
    // Its row was never broken.
    #expect(service.judge(SWERVE_RESULT_ERROR, 1, at: due).event == SWERVE_EVENT_OPEN)
  }

  @Test func noBurstOfFailuresEjectsMoreThanThePolicysShare() {
    for _ in 0..<100 {
      let service = Service(endpoints: 8) { $0.max_ejection_percent = 50 }
      onThreads(8) { number in
        for _ in 0..<20 { service.judge(SWERVE_RESULT_ERROR, number) }
      }
      let open = (0..<8).count { service.breaker($0) == SWERVE_BREAKER_OPEN }
      #expect(open <= 4 && open >= 1 && service.state.pointee.ejected == UInt32(open))
    }
  }

  @Test func aRateEjectsAsFailuresInARowDo() {
    let service = Service { $0.max_ejection_percent = 50 }
    let transition = service.eject(0, for: SWERVE_CAUSE_FAILURE_PERCENTAGE)
    #expect(transition.event == SWERVE_EVENT_OPEN && transition.reason == SWERVE_CAUSE_FAILURE_PERCENTAGE)
    #expect(seconds(transition, from: base) == 1 && transition.ejected == 1)
    #expect(service.eject(0).event == SWERVE_EVENT_NONE)
    #expect(service.eject(1).event == SWERVE_EVENT_OPEN)
    #expect(service.eject(2).event == SWERVE_EVENT_NONE)
    #expect(service.state.pointee.ejected == 2)
  }

  @Test func byHandIsWhateverTheSharesSay() {
    let service = Service { $0.max_ejection_percent = 0 }
    for endpoint in 0..<4 {
      let transition = service.ejectByHand(endpoint, until: .max)
      #expect(transition.event == SWERVE_EVENT_OPEN && transition.reason == SWERVE_CAUSE_MANUAL)
      #expect(transition.ejected == UInt32(endpoint + 1) && transition.until_ns == .max)
    }
    #expect(service.select(at: .max / 2).reason == SWERVE_REASON_NO_HEALTHY)
    #expect(service.states[0].breaker & UInt64(SWERVE_BREAKER_MANUAL.rawValue) != 0)
  }

  @Test func byHandTwiceIsOneEjectionLonger() {
    let service = Service()
    service.judge(failures)
    #expect(service.ejectByHand(0, until: base + 100 * Service.second).ejected == 1)
    #expect(service.ejectByHand(0, until: base + 200 * Service.second).ejected == 1)
    #expect(service.state.pointee.ejected == 1 && service.time() == base + 200 * Service.second)
    // What is ejected by hand is probed at the end of its time, as any.
    let due = service.probe()
    #expect(due == base + 200 * Service.second && service.breaker() == SWERVE_BREAKER_HALF_OPEN)
    #expect(service.judge(SWERVE_RESULT_SUCCESS, at: due, started: due).event == SWERVE_EVENT_CLOSED)
  }

  @Test func restoredByHandItHasItsWholeShareAndNoPast() {
    let service = Service(warmupMilliseconds: 1000)
    var now = base
    for _ in 0..<3 { now = goRound(service, from: now).back }
    service.judge(failures, at: now)
    let transition = service.restoreByHand(0, at: now)
    #expect(transition.event == SWERVE_EVENT_CLOSED && transition.reason == SWERVE_CAUSE_MANUAL)
    #expect(transition.ejected == 0 && service.state.pointee.ejected == 0 && service.states[0].breaker == 0)
    #expect(service.restoreByHand(0).event == SWERVE_EVENT_NONE)
    #expect(goRound(service, from: now).seconds == 1)
  }

  @Test func restoredByHandFromTheProbeItsResultIsNoProbesAnyMore() {
    let service = Service()
    let due = service.probe()
    #expect(service.restoreByHand(0, at: due).event == SWERVE_EVENT_CLOSED)
    #expect(service.judge(SWERVE_RESULT_ERROR, at: due + 8, started: due).event == SWERVE_EVENT_NONE)
    #expect(service.breaker() == SWERVE_BREAKER_CLOSED && service.state.pointee.ejected == 0)
  }
}
