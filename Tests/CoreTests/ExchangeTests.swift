// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// The protocol of an exchange: who ends what, and exactly once.
@Suite struct ExchangeTests {
  private let kernel = UInt64(SWERVE_CLIENT_KERNEL.rawValue)
  private let both = UInt64(SWERVE_CLIENT_REQUEST.rawValue | SWERVE_CLIENT_RESPONSE.rawValue)
  private let already = SWERVE_ENDED_ALREADY.rawValue
  private let half = SWERVE_ENDED_HALF.rawValue
  private let wholly = SWERVE_ENDED_WHOLLY.rawValue

  @Test func theSecondHalfEndsItWhollyAndNoneEndsTwice() {
    for requestFirst in [true, false] {
      var client = swerve_client()
      client.state = kernel | both
      let ends = [swerve_native_request_ended, swerve_native_response_ended]
      let (first, second) = requestFirst ? (ends[0], ends[1]) : (ends[1], ends[0])
      #expect(first(&client) == half)
      #expect(first(&client) == already)
      #expect(second(&client) == wholly)
      #expect(second(&client) == already)
      #expect(client.state == kernel)
    }
  }

  @Test func aClientIsHandedBackOnlyWhenAllThatWasPassedIsSeen() {
    var client = swerve_client()
    client.state = 500 << UInt64(SWERVE_CLIENT_PASSED_SHIFT)
    #expect(swerve_native_hand_back(&client, 499) == 0)
    #expect(swerve_native_hand_back(&client, 500) != 0)
    #expect(client.state & kernel != 0)
    swerve_native_take_over(&client)
    #expect(client.state & kernel == 0)
  }

  @Test func aClientWithAnOpenExchangeOrWithoutAnApplicationIsNotHandedBack() {
    for flag in [SWERVE_CLIENT_REQUEST, SWERVE_CLIENT_RESPONSE, SWERVE_CLIENT_GONE] {
      var client = swerve_client()
      client.state = UInt64(flag.rawValue)
      #expect(swerve_native_hand_back(&client, 0) == 0)
    }
  }

  @Test func onlyLiveSlotsAreLeasedAndEachOnce() {
    var warm = swerve_warm(free: 0b1110, live: 0b0111)
    #expect(swerve_native_lease(&warm) == 1)
    #expect(swerve_native_lease(&warm) == 2)
    #expect(swerve_native_lease(&warm) == UInt32(SWERVE_POOL_SLOTS))
    var slot = swerve_slot()
    slot.client = 7
    slot.stage = UInt32(SWERVE_STAGE_BODY.rawValue)
    swerve_native_give_back(&warm, &slot, 2, 99)
    #expect(slot.stage == UInt32(SWERVE_STAGE_IDLE.rawValue) && slot.client == .max && slot.ended_ns == 99)
    #expect(swerve_native_lease_slot(&warm, 2) != 0)
    #expect(swerve_native_lease_slot(&warm, 2) == 0)
  }

  @Test func aResponseIsCountedByItsClassAndLatency() {
    var service = swerve_service_state(), state = swerve_endpoint_state(), pool = swerve_pool()
    for (status, started, ended, isJudged): (UInt32, UInt64, UInt64, Int32) in [
      (200, 0, 1_000_000, 0), (503, 5, 6, 1), (0, 5, 6, 1),
    ] {
      #expect(swerve_native_admit_request(&service, 1) == 1)
      swerve_native_count_request(&state)
      #expect(state.in_flight == 1 && swerve_native_requests_under_way(&service) == 1)
      #expect(swerve_native_count_response(&service, &state, &pool, status, started, ended) == isJudged)
    }
    #expect(state.in_flight == 0 && state.selected == 3 && swerve_native_requests_under_way(&service) == 0)
    #expect(pool.responses.2 == 1 && pool.responses.5 == 1 && pool.failed == 1)
    #expect(pool.latency_sum_ns == 1_000_001)
    #expect(state.latency_ewma_ns > 0 && state.latency_ewma_ns <= 1_000_000)
    state.consecutive_5xx = 2
    swerve_native_count_request(&state)
    #expect(swerve_native_count_response(&service, &state, &pool, 404, 0, 1) == 0)
    #expect(state.consecutive_5xx == 0)
  }

  @Test func aRequestWhoseClientHasGoneSaysNothingOfTheEndpoint() {
    var state = swerve_endpoint_state(), pool = swerve_pool()
    state.consecutive_5xx = 2
    swerve_native_count_request(&state)
    #expect(swerve_native_count_response(nil, &state, &pool, UInt32(SWERVE_STATUS_ABANDONED), 0, 1) == 0)
    #expect(state.in_flight == 0 && pool.failed == 1 && state.consecutive_5xx == 2 && state.latency_ewma_ns == 0)
  }
}
