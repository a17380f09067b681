// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// Limits: what is admitted is counted in the same step, so that no burst overshoots.
@Suite struct AdmissionTests {
  private static let noLimit = UInt32(SWERVE_NO_LIMIT)

  @Test(arguments: [0, 1, 16] as [UInt32]) func asManyAreAdmittedAsTheLimitSays(limit: UInt32) {
    var count: UInt32 = 0
    #expect((0..<100).count { _ in swerve_native_admit(&count, limit) != 0 } == Int(limit))
    #expect(count == limit)
    guard limit > 0 else { return }
    swerve_native_dismiss(&count)
    #expect(swerve_native_admit(&count, limit) == 1 && swerve_native_admit(&count, limit) == 0)
  }

  @Test(arguments: [0, 1, 16] as [UInt32]) func asManyRequestsAreAdmittedAsTheLimitSays(limit: UInt32) {
    var service = swerve_service_state()
    #expect((0..<100).count { _ in swerve_native_admit_request(&service, limit) != 0 } == Int(limit))
    #expect(service.admitted == limit && swerve_native_requests_under_way(&service) == limit)
  }

  @Test func withoutALimitAnyNumberIsAdmitted() {
    var service = swerve_service_state(), count = UInt32.max / 2 - 5
    service.admitted = count
    for _ in 0..<1000 {
      #expect(swerve_native_admit_request(&service, Self.noLimit) == 1)
      #expect(swerve_native_admit(&count, Self.noLimit) == 1)
    }
  }

  @Test func whatIsAnsweredMakesRoom() {
    var service = swerve_service_state()
    for _ in 0..<1000 {
      #expect(swerve_native_admit_request(&service, 2) == 1)
      #expect(swerve_native_admit_request(&service, 2) == 1)
      #expect(swerve_native_admit_request(&service, 2) == 0)
      service.answered += 2
      #expect(swerve_native_requests_under_way(&service) == 0)
    }
  }

  @Test func whatIsWithdrawnMakesRoomAndWasNeverThere() {
    var service = swerve_service_state()
    #expect(swerve_native_admit_request(&service, 1) == 1)
    swerve_native_request_withdrawn(&service)
    #expect(service.admitted == 0 && service.answered == 0)
    #expect(swerve_native_admit_request(&service, 1) == 1)
    #expect(swerve_native_admit_request(&service, 1) == 0)
  }

  /// The other side's cache line is read only when what was seen there last does not do.
  @Test func theAnsweredAreLookedAtOnlyWhenTheLimitSeemsReached() {
    var service = swerve_service_state()
    for _ in 0..<3 { #expect(swerve_native_admit_request(&service, 4) == 1) }
    service.answered = 2
    #expect(swerve_native_admit_request(&service, 4) == 1)
    #expect(service.answered_seen == 0)
    #expect(swerve_native_admit_request(&service, 4) == 1)
    #expect(service.answered_seen == 2)
    // What was seen is at most what is: with three more admitted the limit is there, and is not passed.
    #expect(swerve_native_admit_request(&service, 4) == 1)
    #expect(swerve_native_admit_request(&service, 4) == 0)
    #expect(swerve_native_requests_under_way(&service) == 4)
  }

  @Test func countersThatWrapAroundCountOn() {
    var service = swerve_service_state()
    (service.admitted, service.answered, service.answered_seen) = (.max - 1, .max - 1, .max - 1)
    #expect((0..<10).count { _ in swerve_native_admit_request(&service, 4) != 0 } == 4)
    #expect(service.admitted == 2 && swerve_native_requests_under_way(&service) == 4)
    service.answered &+= 4
    #expect((0..<10).count { _ in swerve_native_admit_request(&service, 4) != 0 } == 4)
  }

  /// Answers to requests of the last owner of a service id come when it has a new one.
  @Test func moreAnsweredThanAdmittedIsNoneUnderWay() {
    var service = swerve_service_state()
    service.answered = 3
    #expect(swerve_native_requests_under_way(&service) == 0)
    #expect(swerve_native_admit_request(&service, 1) == 1)
    var count = UInt32.max
    #expect(swerve_native_admit(&count, 1) == 1 && count == 0)
  }

  @Test(arguments: [1, 5, 16] as [UInt32]) func noBurstFromEightThreadsOvershoots(limit: UInt32) {
    let service = Service()
    let inside = Shared(), most = Shared(), admitted = Shared()
    onThreads(8) { _ in
      for _ in 0..<50_000 where swerve_native_admit_request(service.state, limit) != 0 {
        let now = swerve_native_add32(inside.word, 1) + 1
        if now > swerve_native_load32(most.word) { swerve_native_store32(most.word, now) }
        _ = swerve_native_add32(admitted.word, 1)
        // Over before the next may come: what counts them is counted down first.
        _ = swerve_native_add32(inside.word, .max)
        if now % 3 == 0 {
          swerve_native_request_withdrawn(service.state)
        } else {
          _ = swerve_native_add32(&service.state.pointee.answered, 1)
        }
      }
    }
    #expect(most.word.pointee <= limit && most.word.pointee > 0)
    #expect(admitted.word.pointee > 0 && inside.word.pointee == 0)
    #expect(swerve_native_requests_under_way(service.state) == 0)
  }

  @Test(arguments: [1, 5, 16] as [UInt32]) func noBurstOfConnectionsOvershoots(limit: UInt32) {
    let count = Shared(), inside = Shared(), most = Shared()
    onThreads(8) { _ in
      for _ in 0..<50_000 where swerve_native_admit(count.word, limit) != 0 {
        let now = swerve_native_add32(inside.word, 1) + 1
        if now > swerve_native_load32(most.word) { swerve_native_store32(most.word, now) }
        _ = swerve_native_add32(inside.word, .max)
        swerve_native_dismiss(count.word)
      }
    }
    #expect(most.word.pointee <= limit && most.word.pointee > 0 && count.word.pointee == 0)
  }

  @Test func anEventOfALimitIsDueOnceInAWhileAndToOne() {
    let service = Service()
    let wait = UInt64(SWERVE_LIMIT_EVENT_MS) * Service.millisecond
    #expect(swerve_native_limit_event_due(service.state, Service.base) != 0)
    #expect(swerve_native_limit_event_due(service.state, Service.base) == 0)
    #expect(swerve_native_limit_event_due(service.state, Service.base + wait - 1) == 0)
    let due = Shared()
    onThreads(8) { _ in
      if swerve_native_limit_event_due(service.state, Service.base + wait) != 0 { _ = swerve_native_add32(due.word, 1) }
    }
    #expect(due.word.pointee == 1)
  }
}

/// A word that threads share.
final class Shared: @unchecked Sendable {
  let word = UnsafeMutablePointer<UInt32>.allocate(capacity: 1)

  init() { word.initialize(to: 0) }
  deinit { word.deallocate() }
}
