// SPDX-License-Identifier: Apache-2.0

internal import Dataplane
internal import SwerveABI
internal import SwerveCore

/// An endpoint a request is meant for.
struct Selected {
  let endpoint: swerve_endpoint
  /// CLOCK_MONOTONIC of the moment the request became the endpoint's one probe; 0 when it is none.
  var probeNanoseconds: UInt64 = 0
  var isProbe: Bool { probeNanoseconds > 0 }
}

/// Selects endpoints by the kernel's own decision core, over the published sets.
final class Selection {
  enum Choice {
    case selected(Selected)
    case refused(LocalAnswer)
  }

  private let records: any RequestRecords
  /// What is published, by service; nil inside for one without a set.
  private var sets: [UInt32: ServicePolicy?] = [:]
  private(set) var publications: UInt64 = 0
  private var generator = SystemRandomNumberGenerator()

  /// Draws until an endpoint is found that was not tried before.
  private static let drawsMax = 8

  init(records: any RequestRecords) {
    self.records = records
  }

  /// An endpoint of the service, one that is not among `tried` if there is another. The decision is counted in the
  /// service's reasons.
  /// - Parameter client: the same number for the same client, for the consistent hashes.
  func select(_ service: UInt32, client: UInt64, avoiding tried: [UInt32]) -> Choice {
    var reason = UInt32(SWERVE_REASON_NO_ENDPOINT_SET.rawValue)
    var selected: Selected?
    for draw in 0..<Selection.drawsMax {
      let now = Clock.now()
      guard let drawn = decide(service, client: client &+ UInt64(draw), now, &reason) else { break }
      if tried.contains(drawn.endpoint.id), draw + 1 < Selection.drawsMax { continue }
      if drawn.probe == 0 {
        selected = Selected(endpoint: drawn.endpoint)
        break
      }
      // Claimed only when it is taken: a claim without a request behind it keeps the endpoint out of rotation.
      if claim(drawn.endpoint, drawn.probe, now, service) {
        selected = Selected(endpoint: drawn.endpoint, probeNanoseconds: now)
        break
      }
      reason = UInt32(SWERVE_REASON_NO_HEALTHY.rawValue)
    }
    records.count(swerve_reason(reason), service: service)
    if let selected { return .selected(selected) }
    return .refused(reason == UInt32(SWERVE_REASON_NO_HEALTHY.rawValue) ? .noHealthy : .noEndpoint)
  }

  /// An endpoint the kernel has selected, when it is still published. Counted as a decision.
  func endpoint(_ id: UInt32, of service: UInt32) -> Selected? {
    guard let found = policy(of: service)?.endpoints.first(where: { $0.endpoint.id == id }) else { return nil }
    records.count(SWERVE_REASON_NONE, service: service)
    var selected = Selected(endpoint: found.endpoint)
    // Half-open, it was selected as the probe.
    if let state = records.endpointState(id), case let word = swerve_native_load64(&state.pointee.breaker),
      word & UInt64(SWERVE_BREAKER_STATES.rawValue) == UInt64(SWERVE_BREAKER_HALF_OPEN.rawValue)
    {
      selected.probeNanoseconds = word & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue)
    }
    return selected
  }

  private func decide(
    _ service: UInt32, client: UInt64, _ now: UInt64, _ reason: inout UInt32
  ) -> (endpoint: swerve_endpoint, probe: UInt64)? {
    guard let policy = policy(of: service), let state = records.service(service) else { return nil }
    var input = swerve_input()
    input.now_ns = now
    input.random = generator.next()
    input.client_hash = client
    input.sequence = swerve_native_add32(&state.pointee.sequence, 1)
    input.ejected = swerve_native_load32(&state.pointee.ejected)
    var probe: UInt64 = 0
    let index = withTables(policy.cells) { Int(swerve_native_select($0, &input, &reason, &probe)) }
    let cell = index + Int(SWERVE_CELL_ENDPOINTS)
    guard index >= 0, cell < policy.cells.count else { return nil }
    return (policy.cells[cell].endpoint, probe)
  }

  // MARK: Breakers

  /// Makes this request the one that probes an ejected endpoint; false when another is.
  private func claim(_ endpoint: swerve_endpoint, _ probe: UInt64, _ now: UInt64, _ service: UInt32) -> Bool {
    guard let state = records.endpointState(endpoint.id), swerve_native_claim_probe(state, probe, now) != 0 else {
      return false
    }
    var transition = swerve_transition()
    transition.kind = SWERVE_EVENT_HALF_OPEN.rawValue
    transition.cause = SWERVE_CAUSE_EJECTION_TIME.rawValue
    transition.ejected = records.service(service)?.pointee.ejected ?? 0
    write(transition, service, endpoint.id, state, now)
    return true
  }

  /// A probe that could not be sent has failed: the endpoint would wait for it, half-open, and for nobody else.
  func giveBackProbe(_ selected: Selected, of service: UInt32) {
    let claimed = selected.probeNanoseconds
    guard claimed > 0, let state = records.endpointState(selected.endpoint.id) else { return }
    let word = claimed & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue) | UInt64(SWERVE_BREAKER_HALF_OPEN.rawValue)
    // The kernel may have judged the failed connect before us.
    guard swerve_native_load64(&state.pointee.breaker) == word else { return }
    judge(service, selected.endpoint.id, status: 0, started: claimed, now: Clock.now())
  }

  /// Draws the consequences of how a request went that are not ordinary ones: an endpoint is ejected, or comes back.
  func judge(_ service: UInt32, _ endpoint: UInt32, status: UInt32, started: UInt64, now: UInt64) {
    guard let serviceState = records.service(service), let state = records.endpointState(endpoint) else { return }
    let transition = withTables(policy(of: service)?.cells ?? []) {
      swerve_native_judge($0, serviceState, state, swerve_native_result_of(status), started, now)
    }
    if transition.kind != SWERVE_EVENT_NONE.rawValue { write(transition, service, endpoint, state, now) }
  }

  private func withTables<Result>(
    _ cells: [swerve_cell], _ body: (UnsafePointer<swerve_tables>) -> Result
  ) -> Result {
    cells.withUnsafeBufferPointer { cells in
      let states = records.endpointStates
      var tables = swerve_tables(
        cells: cells.baseAddress, states: states.baseAddress, cell_count: UInt32(cells.count),
        state_count: UInt32(states.count))
      return body(&tables)
    }
  }

  private func write(
    _ transition: swerve_transition, _ service: UInt32, _ endpoint: UInt32,
    _ state: UnsafeMutablePointer<swerve_endpoint_state>, _ now: UInt64
  ) {
    guard let node = records.node, let events = records.events, let serviceState = records.service(service) else {
      return
    }
    var transition = transition
    swerve_native_write_events(node, events, &transition, service, serviceState, endpoint, state, now)
  }

  // MARK: What is published

  /// The service's policy and endpoints; nil when none are published.
  func policy(of service: UInt32) -> ServicePolicy? {
    refresh()
    if let known = sets[service] { return known }
    // A set that cannot be read now is asked for again by the next request.
    guard let cells = try? records.endpointSet(service) else { return nil }
    let policy = ServicePolicy(cells)
    sets[service] = .some(policy)
    return policy
  }

  /// Forgets what has been published anew. Returns whether anything has, since the last call.
  @discardableResult
  func refresh() -> Bool {
    guard let node = records.node else { return false }
    let now = swerve_native_load64(&node.pointee.publications)
    if now == publications { return false }
    publications = now
    sets.removeAll(keepingCapacity: true)
    return true
  }
}
