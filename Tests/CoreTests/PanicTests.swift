// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// While too few endpoints are healthy, ejection is ignored, and said so.
@Suite struct PanicTests {
  private let failures = Array(repeating: SWERVE_RESULT_ERROR, count: 3)

  private func service(_ percent: UInt16 = 50) -> Service { Service { $0.panic_percent = percent } }

  @Test func panicIsOnBelowTheThresholdAndOffAtIt() {
    let service = service()
    // Of four, two healthy are 50 percent: not fewer.
    #expect((0..<2).map { service.judge(failures, $0).panicEvent } == [SWERVE_EVENT_NONE, SWERVE_EVENT_NONE])
    let third = service.judge(failures, 2)
    #expect(third.event == SWERVE_EVENT_OPEN && third.panicEvent == SWERVE_EVENT_PANIC_ON)
    #expect(service.judge(failures, 3).panicEvent == SWERVE_EVENT_NONE)
    let due = service.probe(3)
    #expect(service.judge(SWERVE_RESULT_SUCCESS, 3, at: due, started: due).panicEvent == SWERVE_EVENT_NONE)
    service.probe(2)
    let back = service.judge(SWERVE_RESULT_SUCCESS, 2, at: due, started: due)
    #expect(back.event == SWERVE_EVENT_CLOSED && back.panicEvent == SWERVE_EVENT_PANIC_OFF)
  }

  @Test func byHandItBeginsAndEndsToo() {
    let service = service()
    let events = (0..<4).map { service.ejectByHand($0, until: .max).panicEvent }
    #expect(events == [SWERVE_EVENT_NONE, SWERVE_EVENT_NONE, SWERVE_EVENT_PANIC_ON, SWERVE_EVENT_NONE])
    let ends = (0..<4).map { service.restoreByHand($0).panicEvent }
    #expect(ends == [SWERVE_EVENT_NONE, SWERVE_EVENT_PANIC_OFF, SWERVE_EVENT_NONE, SWERVE_EVENT_NONE])
  }

  @Test func aThresholdOfZeroNeverPanics() {
    let service = service(0)
    #expect((0..<4).allSatisfy { service.judge(failures, $0).panicEvent == SWERVE_EVENT_NONE })
    #expect(service.select().reason == SWERVE_REASON_NO_HEALTHY)
  }

  @Test func inPanicTheEjectedAreSelectedWithTheReason() {
    let service = service()
    for endpoint in 0..<3 { service.judge(failures, endpoint) }
    let choices = (0..<400 as Range<UInt64>).map { service.select(random: $0) }
    #expect(choices.allSatisfy { $0.probe == 0 })
    #expect(choices.allSatisfy { ($0.reason == SWERVE_REASON_PANIC) == ($0.endpoint != 3) })
    #expect(Set(choices.map(\.endpoint)) == [0, 1, 2, 3])
  }

  /// In panic nobody is asked to probe, as everybody does.
  @Test func inPanicAResultAfterTheEjectionTimeIsAsGoodAsAProbes() {
    let service = service()
    for endpoint in 0..<4 { service.judge(failures, endpoint) }
    let due = service.time()
    #expect(service.respond(200, 0, at: due + 9, started: due - 8).event == SWERVE_EVENT_NONE)
    #expect(service.respond(200, 0, at: due + 9, started: due).event == SWERVE_EVENT_CLOSED)
    #expect(service.respond(500, 1, at: due + 9, started: due - 8).event == SWERVE_EVENT_NONE)
    let again = service.respond(500, 1, at: due + 16, started: due)
    #expect(again.event == SWERVE_EVENT_OPEN && again.reason == SWERVE_CAUSE_PROBE_FAILED)
    #expect(service.time(1) == due + 16 + 2 * Service.second)
    // Of all that failed then, one has done it.
    #expect(service.respond(500, 1, at: due + 24, started: due).event == SWERVE_EVENT_NONE)
    #expect(service.state.pointee.ejected == 3)
    let back = service.respond(404, 2, at: due + 9, started: due)
    #expect(back.event == SWERVE_EVENT_CLOSED && back.panicEvent == SWERVE_EVENT_PANIC_OFF)
  }

  @Test func whatIsEjectedByHandStaysSoInPanic() {
    let service = service()
    for endpoint in 0..<4 { _ = service.ejectByHand(endpoint, until: .max) }
    #expect(service.respond(200, 0, at: Service.base * 1000).event == SWERVE_EVENT_NONE)
    #expect(service.state.pointee.ejected == 4)
  }
}
