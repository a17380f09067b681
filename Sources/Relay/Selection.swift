// SPDX-License-Identifier: Apache-2.0

internal import Dataplane
internal import SwerveABI
internal import SwerveCore

/// Selects endpoints by the kernel's own decision core, over the published sets.
final class Selection {
  private let records: any RequestRecords
  /// Cells by service; an empty array when none are published.
  private var sets: [UInt32: [swerve_cell]] = [:]
  private var publications: UInt64 = 0
  private var generator = SystemRandomNumberGenerator()

  /// Draws until an endpoint is found that was not tried before.
  private static let drawsMax = 8

  init(records: any RequestRecords) {
    self.records = records
  }

  /// An endpoint of the service, one that is not among `tried` if there is another; nil when there is none.
  /// The decision is counted in the service's reasons.
  /// - Parameter client: the same number for the same client, for the consistent hashes.
  func select(_ service: UInt32, client: UInt64, avoiding tried: [UInt32]) -> swerve_endpoint? {
    var reason = UInt32(SWERVE_REASON_NO_ENDPOINT_SET.rawValue)
    var selected: swerve_endpoint?
    for draw in 0..<Selection.drawsMax {
      selected = decide(service, client: client, draw: UInt64(draw), &reason)
      guard let endpoint = selected, tried.contains(endpoint.id) else { break }
    }
    count(service, reason)
    return selected
  }

  /// An endpoint the kernel has selected, when it is still published. Counted as a decision.
  func endpoint(_ id: UInt32, of service: UInt32) -> swerve_endpoint? {
    let cells = cells(of: service)
    guard let header = cells.first?.header else { return nil }
    let endpoints = cells.dropFirst(Int(SWERVE_CELL_ENDPOINTS)).prefix(Int(header.endpoint_count))
    let found = endpoints.first { $0.endpoint.id == id }
    if found != nil { count(service, UInt32(SWERVE_REASON_NONE.rawValue)) }
    return found?.endpoint
  }

  private func decide(_ service: UInt32, client: UInt64, draw: UInt64, _ reason: inout UInt32) -> swerve_endpoint? {
    let cells = cells(of: service)
    guard !cells.isEmpty, let state = records.service(service) else { return nil }
    var input = swerve_input()
    input.now_ns = Clock.now()
    input.random = generator.next()
    input.client_hash = client &+ draw
    input.sequence = swerve_native_add32(&state.pointee.sequence, 1)
    input.ejected = swerve_native_load32(&state.pointee.ejected)
    var probe: UInt64 = 0
    let index = cells.withUnsafeBufferPointer { cells in
      let states = records.endpointStates
      var tables = swerve_tables(
        cells: cells.baseAddress, states: states.baseAddress, cell_count: UInt32(cells.count),
        state_count: UInt32(states.count))
      return Int(swerve_native_select(&tables, &input, &reason, &probe))
    }
    let cell = index + Int(SWERVE_CELL_ENDPOINTS)
    guard index >= 0, cell < cells.count else { return nil }
    let endpoint = cells[cell].endpoint
    guard probe == 0 || claim(endpoint, probe, input.now_ns, service) else {
      reason = UInt32(SWERVE_REASON_NO_HEALTHY.rawValue)
      return nil
    }
    return endpoint
  }

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

  /// Draws the consequences of how a request went that are not ordinary ones: an endpoint is ejected, or comes back.
  func judge(_ service: UInt32, _ endpoint: UInt32, status: UInt32, started: UInt64, now: UInt64) {
    guard let serviceState = records.service(service), let state = records.endpointState(endpoint) else { return }
    let transition = cells(of: service).withUnsafeBufferPointer { cells in
      let states = records.endpointStates
      var tables = swerve_tables(
        cells: cells.baseAddress, states: states.baseAddress, cell_count: UInt32(cells.count),
        state_count: UInt32(states.count))
      return swerve_native_judge(&tables, serviceState, state, swerve_native_result_of(status), started, now)
    }
    if transition.kind != SWERVE_EVENT_NONE.rawValue { write(transition, service, endpoint, state, now) }
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

  /// The service's set; empty when none is published.
  func cells(of service: UInt32) -> [swerve_cell] {
    if let node = records.node {
      let now = swerve_native_load64(&node.pointee.publications)
      if now != publications {
        publications = now
        sets.removeAll(keepingCapacity: true)
      }
    }
    if let cells = sets[service] { return cells }
    // A set that cannot be read now is asked for again by the next request.
    guard let cells = try? records.endpointSet(service) else { return [] }
    sets[service] = cells
    return cells
  }

  private func count(_ service: UInt32, _ reason: UInt32) {
    guard let state = records.service(service), reason < UInt32(SWERVE_REASON_COUNT.rawValue) else { return }
    withUnsafeMutablePointer(to: &state.pointee.reasons) {
      $0.withMemoryRebound(to: UInt64.self, capacity: Int(SWERVE_REASON_COUNT.rawValue)) {
        _ = swerve_native_add64($0 + Int(reason), 1)
      }
    }
  }
}

extension RequestRecords {
  /// Counts a request that went this way.
  func count(_ path: swerve_path, service: UInt32) {
    guard let state = self.service(service) else { return }
    withUnsafeMutablePointer(to: &state.pointee.paths) {
      $0.withMemoryRebound(to: UInt64.self, capacity: Int(SWERVE_PATH_COUNT.rawValue)) {
        _ = swerve_native_add64($0 + Int(path.rawValue), 1)
      }
    }
  }
}
