// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testbed
import Testing

@testable import Policy

@Suite struct PeakEWMASelectionTests {
  private func measured(_ nanoseconds: UInt64, active: UInt32 = 0, ago: UInt64 = 0) -> swerve_endpoint_state {
    var state = swerve_endpoint_state()
    state.active = active
    state.rtt_ewma_ns = nanoseconds
    state.rtt_stamp_ns = Selection.now - ago
    return state
  }

  private func alwaysSelects(
    _ endpoint: UInt32, _ first: swerve_endpoint_state, _ second: swerve_endpoint_state
  ) -> Bool {
    var random = SeededGenerator(seed: 18)
    var selection = Selection(.peakEWMA, count: 2)
    selection[0] = first
    selection[1] = second
    return (0..<1000).allSatisfy { _ in selection.select(&random).endpoint == endpoint }
  }

  @Test func fasterOfTwoIsSelected() {
    #expect(alwaysSelects(1, measured(2_000_000), measured(1_000_000)))
  }

  @Test func loadMultipliesTheRoundTripTime() {
    // 1 ms times three connections is more than 2 ms times one.
    #expect(alwaysSelects(1, measured(1_000_000, active: 2), measured(2_000_000)))
    #expect(alwaysSelects(0, measured(1_000_000), measured(2_000_000)))
  }

  @Test func unmeasuredIdleEndpointIsTried() {
    #expect(alwaysSelects(1, measured(1), swerve_endpoint_state()))
  }

  @Test func unmeasuredBusyEndpointIsAvoided() {
    var busy = swerve_endpoint_state()
    busy.active = 1
    // One second, with 1000 connections under way.
    #expect(alwaysSelects(0, measured(1_000_000_000, active: 1000), busy))
  }

  @Test func slowEndpointIsTriedAgainWhenItsAverageHasDecayed() {
    let (slow, fast) = (measured(1_000_000_000), measured(1_000_000))
    #expect(alwaysSelects(1, slow, fast))
    #expect(alwaysSelects(0, measured(1_000_000_000, ago: 16 * PeakEWMATests.halfLife), fast))
  }

  @Test func loadStillCountsWhenTheAverageHasDecayedToNothing() {
    let long = 100 * PeakEWMATests.halfLife
    #expect(alwaysSelects(1, measured(1_000_000, active: 2, ago: long), measured(1_000_000, active: 1, ago: long)))
  }
}
