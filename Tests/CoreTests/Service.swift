// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import SwerveCore

/// One service in memory, as the kernel's maps hold it: its policy, its endpoints (ids from 0 on), and what is known of
/// them. Threads share it, as processors share the maps; what they touch is what the core changes atomically.
final class Service: @unchecked Sendable {
  static let base: UInt64 = 1_000_000_000_000
  static let millisecond: UInt64 = 1_000_000
  static let second: UInt64 = 1_000_000_000

  let cells: UnsafeMutableBufferPointer<swerve_cell>
  let states: UnsafeMutableBufferPointer<swerve_endpoint_state>
  private let firstState: UnsafeMutablePointer<swerve_endpoint_state>
  let state = UnsafeMutablePointer<swerve_service_state>.allocate(capacity: 1)
  private let tables = UnsafeMutablePointer<swerve_tables>.allocate(capacity: 1)

  /// Unless `change` says otherwise: three 5xx in a row eject for a second, and one more each time, up to ten; any number of
  /// endpoints, without panic.
  init(
    endpoints: Int = 4, standbys: Int = 0, warmupMilliseconds: UInt32 = 0,
    _ change: (inout swerve_outlier_policy) -> Void = { _ in }
  ) {
    let first = Int(SWERVE_CELL_ENDPOINTS)
    cells = .allocate(capacity: first + endpoints)
    cells.initialize(repeating: swerve_cell())
    firstState = .allocate(capacity: endpoints)
    states = UnsafeMutableBufferPointer(start: firstState, count: endpoints)
    states.initialize(repeating: swerve_endpoint_state())
    state.initialize(to: swerve_service_state())
    cells[Int(SWERVE_CELL_HEADER)].header.endpoint_count = UInt32(endpoints)
    cells[Int(SWERVE_CELL_HEADER)].header.standby_count = UInt32(standbys)
    cells[Int(SWERVE_CELL_HEADER)].header.algorithm = SWERVE_RANDOM.rawValue
    cells[Int(SWERVE_CELL_POOL)].pool.warmup_ms = warmupMilliseconds
    for id in 0..<endpoints {
      cells[first + id].endpoint.id = UInt32(id)
      cells[first + id].endpoint.weight = 1
    }
    var policy = swerve_outlier_policy()
    policy.consecutive_5xx = 3
    policy.interval_ms = 10_000
    policy.base_ejection_ms = 1_000
    policy.max_ejection_ms = 10_000
    policy.max_ejection_percent = 100
    change(&policy)
    cells[Int(SWERVE_CELL_OUTLIER)].outlier = policy
    tables.initialize(
      to: swerve_tables(
        cells: cells.baseAddress, states: firstState, cell_count: UInt32(cells.count),
        state_count: UInt32(states.count)))
  }

  deinit {
    cells.deallocate()
    states.deallocate()
    state.deallocate()
    tables.deallocate()
  }

  func pointer(_ endpoint: Int) -> UnsafeMutablePointer<swerve_endpoint_state> { firstState + endpoint }

  /// State of an endpoint's breaker.
  func breaker(_ endpoint: Int = 0) -> swerve_breaker {
    swerve_breaker(UInt32(truncatingIfNeeded: states[endpoint].breaker) & SWERVE_BREAKER_STATES.rawValue)
  }

  /// Time of an endpoint's breaker.
  func time(_ endpoint: Int = 0) -> UInt64 { states[endpoint].breaker & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue) }

  /// A result of a request that started, unless said otherwise, when it ended.
  @discardableResult
  func judge(
    _ result: swerve_result, _ endpoint: Int = 0, at now: UInt64 = base, started: UInt64? = nil
  ) -> swerve_transition {
    swerve_native_judge(tables, state, pointer(endpoint), result.rawValue, started ?? now, now)
  }

  /// The response's whole way: counted, and judged if that is called for.
  @discardableResult
  func respond(
    _ status: UInt32, _ endpoint: Int = 0, at now: UInt64 = base, started: UInt64? = nil
  ) -> swerve_transition {
    swerve_native_count_request(pointer(endpoint))
    let isJudged = swerve_native_count_response(nil, pointer(endpoint), nil, status, started ?? now, now)
    guard isJudged != 0 else { return swerve_transition() }
    return swerve_native_judge(
      tables, state, pointer(endpoint), swerve_native_result_of(status), started ?? now, now)
  }

  /// The last transition of as many results as named.
  @discardableResult
  func judge(_ results: [swerve_result], _ endpoint: Int = 0, at now: UInt64 = base) -> swerve_transition {
    results.map { judge($0, endpoint, at: now) }.last ?? swerve_transition()
  }

  func eject(_ endpoint: Int, for cause: swerve_cause = SWERVE_CAUSE_SUCCESS_RATE, at now: UInt64 = base)
    -> swerve_transition
  {
    swerve_native_eject(tables, state, pointer(endpoint), cause.rawValue, now)
  }

  func ejectByHand(_ endpoint: Int, until: UInt64) -> swerve_transition {
    swerve_native_eject_by_hand(tables, state, pointer(endpoint), until)
  }

  func restoreByHand(_ endpoint: Int, at now: UInt64 = base) -> swerve_transition {
    swerve_native_restore_by_hand(tables, state, pointer(endpoint), now)
  }

  func leave(_ endpoint: Int) { swerve_native_leave(state, pointer(endpoint)) }

  struct Choice: Equatable {
    var endpoint: Int?
    var reason: swerve_reason
    /// The breaker's word when the endpoint must be claimed first, else 0.
    var probe: UInt64
  }

  func select(at now: UInt64 = base, random: UInt64 = 0) -> Choice {
    var input = swerve_input()
    input.now_ns = now
    input.random = random
    input.ejected = swerve_native_load32(&state.pointee.ejected)
    var reason: UInt32 = 0, probe: UInt64 = 0
    let index = swerve_native_select(tables, &input, &reason, &probe)
    return Choice(endpoint: index < 0 ? nil : Int(index), reason: swerve_reason(reason), probe: probe)
  }

  /// Makes the caller the one who probes; false when another is.
  func claim(_ endpoint: Int, _ probe: UInt64, at now: UInt64 = base) -> Bool {
    swerve_native_claim_probe(pointer(endpoint), probe, now) != 0
  }

  /// Ejects an endpoint by failures and has it claimed as a probe when its time is over. When that was.
  @discardableResult
  func probe(_ endpoint: Int = 0, from now: UInt64 = base) -> UInt64 {
    if breaker(endpoint) == SWERVE_BREAKER_CLOSED {
      judge(Array(repeating: SWERVE_RESULT_ERROR, count: 3), endpoint, at: now)
    }
    let due = time(endpoint)
    _ = claim(endpoint, states[endpoint].breaker, at: due)
    return due
  }
}

extension swerve_transition {
  var event: swerve_event_kind { swerve_event_kind(kind) }
  var reason: swerve_cause { swerve_cause(cause) }
  var panicEvent: swerve_event_kind { swerve_event_kind(panic) }
}

/// Runs `body` on that many threads at a time, each with its number, and waits for all of them.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let group = DispatchGroup()
  for number in 0..<count {
    group.enter()
    Thread {
      body(number)
      group.leave()
    }.start()
  }
  group.wait()
}
