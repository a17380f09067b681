// SPDX-License-Identifier: Apache-2.0

public import Dataplane
import Foundation
public import Policy
import SwerveABI
import SwerveCore

/// What the kernel holds and counted, read from its maps alone: true with and without an agent.
public struct NodeSnapshot: Codable, Sendable {
  public struct Service: Codable, Sendable {
    public enum Mode: String, Codable, Sendable {
      /// An endpoint is selected when a client connects.
      case connection
      /// An endpoint is selected for every HTTP/1.1 request.
      case request
    }

    /// In the kernel's tables.
    public var id: UInt32
    /// namespace/name:port
    public var name: String
    public var frontends: [Frontend]
    public var loadBalancer: LoadBalancer?
    public var mode: Mode
    /// Decisions by reason since the service was published; "none" are ordinary selections. Zero counts are left out.
    public var decisions: [String: UInt64]
    /// Requests by the way they went, and why not a faster one; see docs/REASONS.md. Zero counts are left out.
    public var requests: [String: UInt64]
    public var endpoints: [Endpoint]
    /// The policy in force, in the names of the policy language.
    public var policy: [PolicyDescription.Value]
    /// Requests of request mode under way.
    public var requestsUnderWay: UInt32
    /// Endpoints that are ejected or probed.
    public var ejected: UInt32

    /// Connections open now.
    public var active: Int { endpoints.reduce(0) { $0 + Int($1.active) } }
    /// Connections refused.
    public var refused: UInt64 {
      decisions.reduce(0) { $0 + (NodeSnapshot.selections.contains($1.key) ? 0 : $1.value) }
    }
  }

  public struct Endpoint: Codable, Sendable {
    public enum State: String, Codable, Sendable {
      /// Takes connections.
      case active
      /// Ejected: left out of selection for a while.
      case ejected
      /// Ejected, with one request or connection under way to see whether it is well again.
      case halfOpen = "half-open"
      /// Keeps the connections it has and gets no new ones.
      case draining
    }

    public var state: State
    public var address: IPAddress
    public var port: UInt16
    public var weight: UInt16
    /// Connections open now.
    public var active: UInt32
    /// Connections sent here since the endpoint was published.
    public var selected: UInt64
    public var established: UInt64
    /// Connects refused, timed out or reset before they were established.
    public var failed: UInt64
    /// Failures in a row before a response: refused, reset, timed out.
    public var consecutiveFailures: UInt32
    /// 5xx in a row.
    public var consecutive5xx: UInt32
    /// Since the endpoint was published.
    public var ejections: UInt32
    /// Why it was last ejected; nil when it never was.
    public var ejectionCause: String?
    /// Seconds until it is probed; nil for one that is not ejected, or until it is restored by hand.
    public var ejectedForSeconds: Double?
    /// Peak-sensitive average of the smoothed round-trip time, in microseconds; nil before the first sample.
    public var rttMicroseconds: Double?
    public var retransmits: UInt32
    /// TCP retransmission timeouts.
    public var timeouts: UInt32
    /// Added when a connection ends.
    public var bytesSent: UInt64
    public var bytesReceived: UInt64
    /// Nil in connection mode.
    public var requests: RequestFigures?
  }

  /// Connections tracked now and the bound on them.
  public var connections: UInt32
  public var connectionsLimit: UInt32
  /// Whether a relay has given a sign of life within the last second: otherwise new connections are in connection mode.
  public var relayAlive: Bool
  /// Whether requests are steered in the kernel.
  public var acceleration: Bool
  public var services: [Service]
  /// Pinned links by program name.
  public var links: [String: UInt32]

  private static let selections: Set<String> = [
    String(cString: swerve_reason_name(SWERVE_REASON_NONE.rawValue)),
    String(cString: swerve_reason_name(SWERVE_REASON_PANIC.rawValue)),
  ]

  /// Reads the dataplane pinned in the layout. Throws `notInstalled` when there is none.
  ///
  /// - Parameter wanted: reads only services whose name fulfils it.
  public init(_ pins: PinLayout, where wanted: (String) -> Bool = { _ in true }) throws(DataplaneError) {
    guard let tables = try Tables(pins) else {
      throw DataplaneError(
        .notInstalled, "read the dataplane at \(pins.path): none is installed",
        advice: "start one with `swerve run`, or name its place with --pin-path")
    }
    let node = try tables.node.read(0)
    connections = node.connections
    connectionsLimit = node.connections_limit
    relayAlive = node.hasLivingRelay
    acceleration = node.acceleration != 0
    links = try Dataplane.linkIDs(pins)
    services = []
    let infos = try tables.serviceInfos.readAll(count: Int(SWERVE_SERVICES_MAX))
    for (index, info) in infos.enumerated() where info.name.0 != 0 && wanted(info.serviceName) {
      services.append(try Service(id: UInt32(index), info, tables))
    }
    services.sort { $0.name < $1.name }
  }
}

extension NodeSnapshot.Service {
  init(id: UInt32, _ info: swerve_service_info, _ tables: Tables) throws(DataplaneError) {
    let cells = try tables.endpointSets.read(id) ?? []
    self.id = id
    name = info.serviceName
    frontends = info.publishedFrontends
    loadBalancer = cells.first.flatMap { LoadBalancer(algorithm: $0.header.algorithm) }
    mode = (cells.first?.header.per_request ?? 0) == 0 ? .connection : .request
    endpoints = []
    for endpoint in cells.publishedEndpoints {
      let state = try tables.endpointStates.read(endpoint.id)
      var snapshot = NodeSnapshot.Endpoint(endpoint, state)
      if mode == .request { snapshot.requests = try NodeSnapshot.RequestFigures(endpoint, state, tables) }
      endpoints.append(snapshot)
    }
    var state = try tables.serviceStates.read(id)
    policy = PolicyDescription(cells).values
    requestsUnderWay = swerve_native_requests_under_way(&state)
    ejected = state.ejected
    decisions = withUnsafeBytes(of: state.reasons) { NodeSnapshot.Service.counts($0, swerve_reason_name) }
    requests = withUnsafeBytes(of: state.paths) { NodeSnapshot.Service.counts($0, swerve_path_name) }
    // What the kernel steers it counts once, by its path: each was an ordinary selection.
    let steered = [SWERVE_PATH_LOCAL, SWERVE_PATH_REMOTE].reduce(0) {
      $0 + (requests[String(cString: swerve_path_name($1.rawValue))] ?? 0)
    }
    if steered > 0 {
      decisions[String(cString: swerve_reason_name(SWERVE_REASON_NONE.rawValue)), default: 0] += steered
    }
  }

  /// Counters above zero by name.
  private static func counts(
    _ bytes: UnsafeRawBufferPointer, _ name: (UInt32) -> UnsafePointer<CChar>?
  ) -> [String: UInt64] {
    var counts: [String: UInt64] = [:]
    for (index, count) in bytes.bindMemory(to: UInt64.self).enumerated() where count > 0 {
      if let name = name(UInt32(index)) { counts[String(cString: name)] = count }
    }
    return counts
  }
}

extension NodeSnapshot.Endpoint.State {
  init(_ endpoint: swerve_endpoint, _ state: swerve_endpoint_state) {
    switch swerve_breaker(UInt32(truncatingIfNeeded: state.breaker) & UInt32(SWERVE_BREAKER_STATES.rawValue)) {
    case _ where endpoint.weight == 0: self = .draining
    case SWERVE_BREAKER_OPEN: self = .ejected
    case SWERVE_BREAKER_HALF_OPEN: self = .halfOpen
    default: self = .active
    }
  }
}

extension NodeSnapshot.Endpoint {
  init(_ endpoint: swerve_endpoint, _ state: swerve_endpoint_state) {
    address = IPAddress(endpoint.address)
    port = UInt16(bigEndian: endpoint.port)
    weight = endpoint.weight
    self.state = State(endpoint, state)
    active = state.active
    selected = state.selected
    established = state.established
    failed = state.failed
    consecutiveFailures = state.consecutive_local
    consecutive5xx = state.consecutive_5xx
    ejections = state.ejections_total
    ejectionCause = state.ejections_total == 0 ? nil : String(cString: swerve_cause_name(state.cause))
    let until = state.breaker & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue)
    let now = MonotonicTime.now()
    if self.state == .ejected, until < UInt64.max - UInt64(SWERVE_BREAKER_FLAGS.rawValue) {
      ejectedForSeconds = until > now ? Double(until - now) / 1e9 : 0
    }
    rttMicroseconds = state.rtt_stamp_ns == 0 ? nil : Double(state.rtt_ewma_ns) / 1000
    retransmits = state.retransmits
    timeouts = state.timeouts
    bytesSent = state.bytes_sent
    bytesReceived = state.bytes_received
  }
}
