// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// What counts as a failure, and towards which threshold.
@Suite struct FailureCountTests {
  private let error = SWERVE_RESULT_ERROR
  private let gateway = SWERVE_RESULT_GATEWAY
  private let local = SWERVE_RESULT_LOCAL
  private let success = SWERVE_RESULT_SUCCESS

  @Test(
    arguments: [
      (100, SWERVE_RESULT_SUCCESS), (200, SWERVE_RESULT_SUCCESS), (304, SWERVE_RESULT_SUCCESS),
      (400, SWERVE_RESULT_SUCCESS), (404, SWERVE_RESULT_SUCCESS), (429, SWERVE_RESULT_SUCCESS),
      (499, SWERVE_RESULT_SUCCESS), (500, SWERVE_RESULT_ERROR), (501, SWERVE_RESULT_ERROR),
      (502, SWERVE_RESULT_GATEWAY), (503, SWERVE_RESULT_GATEWAY), (504, SWERVE_RESULT_GATEWAY),
      (505, SWERVE_RESULT_ERROR), (599, SWERVE_RESULT_ERROR), (0, SWERVE_RESULT_LOCAL),
    ] as [(UInt32, swerve_result)])
  func resultOfAStatus(status: UInt32, result: swerve_result) {
    #expect(swerve_native_result_of(status) == result.rawValue)
  }

  @Test func aClientErrorIsASuccess() {
    let service = Service()
    for status: UInt32 in [500, 500, 404, 500, 500, 400, 429] {
      #expect(service.respond(status).event == SWERVE_EVENT_NONE)
    }
    #expect(service.states[0].consecutive_5xx == 0)
    service.respond(500)
    service.respond(500)
    #expect(service.respond(500).event == SWERVE_EVENT_OPEN)
  }

  @Test func aSuccessEndsEveryRow() {
    let service = Service {
      $0.consecutive_5xx = 9
      $0.consecutive_gateway = 9
      $0.consecutive_local = 9
    }
    service.judge([local, gateway])
    #expect(service.states[0].consecutive_gateway == 2 && service.states[0].consecutive_5xx == 2)
    service.respond(200)
    let state = service.states[0]
    #expect(state.consecutive_5xx == 0 && state.consecutive_gateway == 0 && state.consecutive_local == 0)
  }

  @Test func gatewayErrorsHaveARowOfTheirOwn() {
    let service = Service {
      $0.consecutive_5xx = 0
      $0.consecutive_gateway = 2
    }
    // A 500 is none, and ends the row.
    #expect(service.judge([error, error, gateway, error, gateway, error]).event == SWERVE_EVENT_NONE)
    let transition = service.judge([gateway, gateway])
    #expect(transition.event == SWERVE_EVENT_OPEN && transition.reason == SWERVE_CAUSE_CONSECUTIVE_GATEWAY)
    #expect(transition.consecutive == 2)
  }

  @Test func gatewayErrorsAreAmongThe5xx() {
    let service = Service { $0.consecutive_gateway = 0 }
    let transition = service.judge([gateway, error, gateway])
    #expect(transition.event == SWERVE_EVENT_OPEN && transition.reason == SWERVE_CAUSE_CONSECUTIVE_5XX)
  }

  @Test func unlessToldApartAMissingResponseIsA5xxAndAGatewayError() {
    for threshold in [\swerve_outlier_policy.consecutive_5xx, \.consecutive_gateway] {
      let service = Service {
        $0.consecutive_5xx = 0
        $0[keyPath: threshold] = 3
      }
      #expect(service.judge([local, local, local]).event == SWERVE_EVENT_OPEN)
    }
  }

  @Test func toldApartAMissingResponseHasARowOfItsOwn() {
    let service = Service {
      $0.consecutive_5xx = 3
      $0.consecutive_gateway = 3
      $0.consecutive_local = 5
      $0.split_local_origin = 1
    }
    #expect(service.judge([local, local, local, local]).event == SWERVE_EVENT_NONE)
    let transition = service.judge(local)
    #expect(transition.event == SWERVE_EVENT_OPEN && transition.reason == SWERVE_CAUSE_CONSECUTIVE_LOCAL)
    #expect(transition.consecutive == 5)
  }

  /// Envoy: whatever is answered shows that the endpoint could be reached.
  @Test func aResponseEndsTheRowOfMissingOnes() {
    let service = Service {
      $0.consecutive_5xx = 0
      $0.consecutive_local = 2
      $0.split_local_origin = 1
    }
    #expect(service.judge([local, error, local, gateway, local]).event == SWERVE_EVENT_NONE)
    #expect(service.judge(local).event == SWERVE_EVENT_OPEN)
  }

  @Test func aThresholdOfZeroIsOff() {
    let service = Service { $0.consecutive_5xx = 0 }
    #expect(service.judge(Array(repeating: local, count: 100)).event == SWERVE_EVENT_NONE)
    #expect(service.judge(Array(repeating: gateway, count: 100)).event == SWERVE_EVENT_NONE)
    #expect(service.state.pointee.ejected == 0)
  }

  @Test func rowsOfTwoEndpointsAreTwo() {
    let service = Service()
    for endpoint in [0, 1, 0, 1] { #expect(service.judge(error, endpoint).event == SWERVE_EVENT_NONE) }
    #expect(service.judge(error, 1).event == SWERVE_EVENT_OPEN)
    #expect(service.breaker(0) == SWERVE_BREAKER_CLOSED && service.breaker(1) == SWERVE_BREAKER_OPEN)
  }

  /// What the policy has tried again, by status; 0 is no response at all.
  @Test(
    arguments: [
      (SWERVE_RETRY_5XX, [0, 500, 501, 502, 503, 504, 599]), (SWERVE_RETRY_GATEWAY_ERROR, [502, 503, 504]),
      (SWERVE_RETRY_RESET, [0]), (SWERVE_RETRY_RETRIABLE_4XX, [409]), (SWERVE_RETRY_CONNECT_FAILURE, []),
      (SWERVE_RETRY_REFUSED_STREAM, []), (SWERVE_RETRY_NON_IDEMPOTENT, []),
    ] as [(swerve_retry, [UInt32])])
  func retriable(condition: swerve_retry, statuses: [UInt32]) {
    let all: [UInt32] = [0, 200, 304, 400, 404, 409, 429, 500, 501, 502, 503, 504, 599]
    #expect(all.filter { swerve_native_is_retriable($0, condition.rawValue) != 0 } == statuses)
  }
}
