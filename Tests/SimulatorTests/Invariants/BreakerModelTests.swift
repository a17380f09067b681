// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import Testing

@testable import Simulator

@Suite struct BreakerModelTests {
  private static let second: UInt64 = 1_000_000_000
  private static let start: UInt64 = 1_000_000_000_000

  private static let settings: TrafficSettings = {
    var settings = TrafficSettings()
    settings.outlierDetection.baseEjectionTimeMilliseconds = 1_000
    settings.outlierDetection.maxEjectionTimeMilliseconds = 3_000
    settings.outlierDetection.intervalMilliseconds = 10_000
    return settings
  }()

  /// A breaker, and the clock it lives by.
  private struct Life {
    var model = BreakerModel()

    /// `for` seconds from `at`; both from the start of the test.
    mutating func open(
      at: Double, for seconds: Double, _ cause: swerve_cause = SWERVE_CAUSE_CONSECUTIVE_5XX, sent: Double? = nil,
      isSuccess: Bool = false
    ) -> String? {
      follow(
        SWERVE_EVENT_OPEN, cause, at: at, until: time(at + seconds),
        result: BreakerModel.Result(isSuccess: isSuccess, started: time(sent ?? at)))
    }

    mutating func probe(at: Double) -> String? {
      follow(SWERVE_EVENT_HALF_OPEN, SWERVE_CAUSE_EJECTION_TIME, at: at, until: 0, result: nil)
    }

    mutating func close(at: Double, sent: Double, isSuccess: Bool = true) -> String? {
      follow(
        SWERVE_EVENT_CLOSED, SWERVE_CAUSE_PROBE_SUCCEEDED, at: at, until: 0,
        result: BreakerModel.Result(isSuccess: isSuccess, started: time(sent)))
    }

    private func time(_ seconds: Double) -> UInt64 { start + UInt64(seconds * Double(second)) }

    private mutating func follow(
      _ kind: swerve_event_kind, _ cause: swerve_cause, at: Double, until: UInt64, result: BreakerModel.Result?
    ) -> String? {
      model.follow(
        BreakerModel.Change(kind: kind, cause: cause, until: until, now: time(at), result: result), settings)
    }
  }

  @Test func aProbeThatSucceedsClosesIt() {
    var life = Life()
    #expect(life.open(at: 0, for: 1) == nil)
    #expect(life.model.state == .open)
    #expect(life.probe(at: 1) == nil)
    #expect(life.model.state == .halfOpen)
    #expect(life.close(at: 1.1, sent: 1) == nil)
    #expect(life.model.word == 0)
  }

  @Test func timesGrowByTheBaseUpToTheLongest() {
    var life = Life()
    #expect(life.open(at: 0, for: 1) == nil)
    #expect(life.probe(at: 1) == nil)
    #expect(life.open(at: 1.5, for: 2, SWERVE_CAUSE_PROBE_FAILED, sent: 1) == nil)
    #expect(life.probe(at: 4) == nil)
    #expect(life.open(at: 5, for: 3, SWERVE_CAUSE_PROBE_FAILED, sent: 4) == nil)
    #expect(life.probe(at: 8) == nil)
    #expect(life.open(at: 9, for: 3, SWERVE_CAUSE_PROBE_FAILED, sent: 8) == nil)
  }

  @Test func aTimeBeyondTheLongestIsNoticed() {
    var life = Life()
    #expect(life.open(at: 0, for: 4) == "ejected for 4000000000 ns instead of 1000000000")
  }

  @Test func quietIntervalsTakeTheGrowthBack() {
    var life = Life()
    _ = life.open(at: 0, for: 1)
    _ = life.probe(at: 1)
    _ = life.open(at: 1, for: 2, SWERVE_CAUSE_PROBE_FAILED)
    _ = life.probe(at: 3)
    _ = life.close(at: 3, sent: 3)
    // Two ejections before; one interval of 10 s in rotation.
    var early = life
    #expect(early.open(at: 12, for: 3) == nil)
    #expect(life.open(at: 14, for: 2) == nil)
  }

  @Test func aProbeBeforeItsTimeIsNoticed() {
    var life = Life()
    _ = life.open(at: 0, for: 1)
    #expect(life.probe(at: 0.5) == "probed 500000000 ns before its time")
  }

  @Test func aSecondProbeIsNoticedUntilTheFirstIsGivenUp() {
    var life = Life()
    _ = life.open(at: 0, for: 1)
    _ = life.probe(at: 1)
    var later = life
    #expect(life.probe(at: 2)?.contains("after the last probe") == true)
    #expect(later.probe(at: 16) == nil)
  }

  @Test func whatClosesMustHaveSucceeded() {
    var life = Life()
    _ = life.open(at: 0, for: 1)
    _ = life.probe(at: 1)
    #expect(life.close(at: 2, sent: 1, isSuccess: false) == "closed, though what was tried failed")
  }

  @Test func anOldAnswerDoesNotCount() {
    var life = Life()
    _ = life.open(at: 1, for: 1)
    #expect(life.close(at: 3, sent: 0.5) == "judged by something older than its time")
  }

  @Test func anEjectionWithoutFailureIsNoticed() {
    var life = Life()
    #expect(life.open(at: 0, for: 1, isSuccess: true) == "ejected, but nothing has failed")
  }

  @Test func whatIsClosedCannotBeProbedOrClosed() {
    var life = Life()
    #expect(life.close(at: 1, sent: 1) == "closed twice")
    #expect(life.probe(at: 1) == "probed in rotation")
  }
}
