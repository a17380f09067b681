// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// Events in their ring.
@Suite struct EventRingTests {
  /// The ring in memory.
  private final class Ring: @unchecked Sendable {
    let node = UnsafeMutablePointer<swerve_node>.allocate(capacity: 1)
    let first = UnsafeMutablePointer<swerve_event>.allocate(capacity: Int(SWERVE_EVENTS_MAX))
    let events: UnsafeMutableBufferPointer<swerve_event>

    init() {
      events = UnsafeMutableBufferPointer(start: first, count: Int(SWERVE_EVENTS_MAX))
      node.initialize(to: swerve_node())
      events.initialize(repeating: swerve_event())
    }

    deinit {
      node.deallocate()
      events.deallocate()
    }

    func write(time: UInt64, service: UInt32 = 0) {
      var event = swerve_event()
      event.time_ns = time
      event.service = service
      event.kind = UInt16(SWERVE_EVENT_LIMIT.rawValue)
      swerve_native_write_event(node, first, &event)
    }
  }

  @Test func eventsAreInTheOrderOfTheirNumbers() {
    let ring = Ring()
    for time in 0..<10 as Range<UInt64> { ring.write(time: 100 + time) }
    #expect(ring.node.pointee.events == 10)
    #expect(ring.events.prefix(11).map(\.sequence) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0])
    #expect(ring.events.prefix(10).map(\.time_ns) == (100..<110).map { UInt64($0) })
  }

  @Test func theNewestReplaceTheOldest() {
    let ring = Ring()
    let size = UInt64(SWERVE_EVENTS_MAX)
    for number in 0..<size + 3 { ring.write(time: number) }
    #expect(ring.events.prefix(4).map(\.sequence) == [size + 1, size + 2, size + 3, 4])
    #expect(ring.events.prefix(4).map(\.time_ns) == [size, size + 1, size + 2, 3])
    #expect(ring.events.allSatisfy { $0.sequence == $0.time_ns + 1 })
  }

  @Test func everyWriterHasANumberOfItsOwn() {
    let ring = Ring()
    onThreads(8) { number in
      for time in 0..<500 as Range<UInt64> { ring.write(time: time, service: UInt32(number)) }
    }
    #expect(ring.node.pointee.events == 4000)
    #expect(ring.events.prefix(4000).map(\.sequence) == (1...4000).map { UInt64($0) })
    for number in 0..<8 as Range<UInt32> {
      let times = ring.events.prefix(4000).filter { $0.service == number }.map(\.time_ns)
      #expect(times == Array(0..<500))
    }
  }

  @Test func aTransitionIsWrittenWithWhatBelongsToIt() {
    let ring = Ring(), service = Service(endpoints: 2) { $0.panic_percent = 50 }
    let failures = Array(repeating: SWERVE_RESULT_GATEWAY, count: 3)
    service.judge(failures, 0)
    var transition = service.judge(failures, 1)
    service.states[1].active = 4
    service.states[1].in_flight = 5
    service.state.pointee.connections = 6
    service.state.pointee.admitted = 9
    service.state.pointee.answered = 2
    swerve_native_write_events(
      ring.node, ring.first, &transition, 77, service.state, 88, service.pointer(1), Service.base)
    #expect(ring.node.pointee.events == 2)
    let (open, panic) = (ring.events[0], ring.events[1])
    #expect(open.kind == UInt16(SWERVE_EVENT_OPEN.rawValue) && open.service == 77 && open.endpoint == 88)
    #expect(open.cause == UInt16(SWERVE_CAUSE_CONSECUTIVE_5XX.rawValue) && open.consecutive == 3)
    #expect(open.time_ns == Service.base && open.until_ns == Service.base + Service.second)
    #expect(open.active == 4 && open.in_flight == 5 && open.ejected == 2 && open.ejections == 1)
    #expect(panic.kind == UInt16(SWERVE_EVENT_PANIC_ON.rawValue) && panic.service == 77 && panic.endpoint == .max)
    #expect(panic.cause == UInt16(SWERVE_CAUSE_EJECTED_ENDPOINTS.rawValue) && panic.ejected == 2)
    #expect(panic.active == 6 && panic.in_flight == 7)
  }

  @Test func withoutPanicThereIsOneEvent() {
    let ring = Ring(), service = Service()
    var transition = service.ejectByHand(0, until: .max)
    swerve_native_write_events(
      ring.node, ring.first, &transition, 1, service.state, 2, service.pointer(0), Service.base)
    #expect(ring.node.pointee.events == 1 && ring.events[0].until_ns == .max)
    #expect(ring.events[0].cause == UInt16(SWERVE_CAUSE_MANUAL.rawValue))
  }

  @Test func anEventOfALimitSaysWhichAndHowMuch() {
    let ring = Ring(), service = Service()
    #expect(swerve_native_admit_request(service.state, 1) == 1)
    swerve_native_write_limit_event(
      ring.node, ring.first, SWERVE_CAUSE_MAX_REQUESTS.rawValue, 1, 3, service.state, Service.base)
    let event = ring.events[0]
    #expect(
      event.kind == UInt16(SWERVE_EVENT_LIMIT.rawValue) && event.cause == UInt16(SWERVE_CAUSE_MAX_REQUESTS.rawValue))
    #expect(event.consecutive == 1 && event.in_flight == 1 && event.service == 3 && event.endpoint == .max)
  }
}
