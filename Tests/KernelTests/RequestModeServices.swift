// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testbed
import Testing

@testable import Dataplane

/// The services of the shared node, by name. Endpoints within the cgroup are reached socket to socket, those outside
/// through a connection of the relay's pool.
enum RequestService: String, CaseIterable {
  /// Four scripted endpoints.
  case local
  /// Two scripted endpoints outside the cgroup.
  case remote
  /// nginx.
  case files
  /// nginx outside the cgroup.
  case remoteFiles = "remote-files"
  /// A scripted endpoint at ::1.
  case ipv6
  /// No endpoint.
  case empty
  /// Endpoints where nobody listens.
  case down

  var vip: TCPAddress {
    get throws {
      switch self {
      case .ipv6: try address("fd00:96:1::1", 80)
      case .empty: try address("127.96.1.250", 80)
      case .local: try address("127.96.1.1", 80)
      case .remote: try address("127.96.1.2", 80)
      case .files: try address("127.96.1.3", 80)
      case .remoteFiles: try address("127.96.1.4", 80)
      case .down: try address("127.96.1.5", 80)
      }
    }
  }

  /// The way of an ordinary request.
  var path: String { self == .remote || self == .remoteFiles ? "remote" : "local" }
}

extension RequestNode {
  /// All of them, with their servers.
  func publishAll() throws {
    try publish(.local, .scripted(fourHosts, in: cgroup))
    try publish(.remote, .scripted(["127.0.2.1", "127.0.2.2"]))
    try publish(.files, .nginx(["127.0.1.5", "127.0.1.6"], largeBytes: RequestVolume.largeBytes, in: cgroup))
    try publish(.remoteFiles, .nginx(["127.0.2.5"], largeBytes: RequestVolume.largeBytes))
    try publish(.ipv6, .scripted(["::1"], in: cgroup))
    let closed = try address("127.0.1.9", FreePort.find(on: ["127.0.1.9"]))
    try publish("down", at: RequestService.down.vip, nil, endpoints: [closed])
  }

  private func publish(_ service: RequestService, _ server: RequestServer) throws {
    try publish(service.rawValue, at: service.vip, server)
  }

  // MARK: What the kernel counted

  /// Requests of a service by path, ever. Zero counts are left out.
  func paths(_ name: String) throws -> [String: Int] {
    let id = try #require(try id(of: name), "no service \(name)")
    let state = try #require(tables.serviceStates[id])
    var counts: [String: Int] = [:]
    withUnsafeBytes(of: &state.pointee.paths) { bytes in
      for (index, count) in bytes.bindMemory(to: UInt64.self).enumerated() where count > 0 {
        if let name = swerve_path_name(UInt32(index)) { counts[String(cString: name)] = Int(count) }
      }
    }
    return counts
  }

  /// Requests of a service by path during the body.
  func paths(_ service: RequestService = .local, during body: () throws -> Void) throws -> [String: Int] {
    try paths(service.rawValue, during: body)
  }

  func paths(_ name: String, during body: () throws -> Void) throws -> [String: Int] {
    let before = try paths(name)
    try body()
    return try paths(name).merging(before) { $0 - $1 }.filter { $0.value != 0 }
  }

  /// Makes sure that every endpoint of the service has a free warm connection: requests until many in a row were
  /// steered.
  func warm(_ service: RequestService = .local, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
    try warm(service.rawValue, at: service.vip, service.path, sourceLocation: sourceLocation)
  }

  func warm(
    _ name: String, at vip: TCPAddress, _ path: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    let client = try HTTPConnection(vip)
    var inARow = 0
    try eventually(
      "requests of \(name) are not steered: \(try paths(name))\n\(warmConnections)", sourceLocation: sourceLocation
    ) {
      let taken = try paths(name) { _ = try client.get("/constant") }
      inARow = taken == [path: 1] ? inARow + 1 : 0
      return inARow >= 8
    }
  }

  /// Nothing is under way any more: every warm connection is free, no request in flight, no client's record taken.
  /// - Parameter former: what another test has left, which is its failure and not this one's.
  func expectQuiet(
    within timeout: Duration = .seconds(5), except former: [String] = [],
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws {
    eventually("still under way: \(leftovers)", within: timeout, sourceLocation: sourceLocation) {
      Set(leftovers).isSubset(of: former)
    }
  }

  /// How many warm connections each endpoint has.
  var warmCounts: [Int] {
    (0..<UInt32(tables.endpointStates.count)).compactMap {
      tables.endpointStates[$0]?.pointee.warm.live.nonzeroBitCount
    }
  }

  /// The warm connections of every pool in use, for a test that fails.
  var warmConnections: String {
    var lines: [String] = []
    for index in 0..<UInt32(tables.endpointStates.count) {
      guard let state = tables.endpointStates[index]?.pointee, state.pool != 0 else { continue }
      let (free, live) = (state.warm.free, state.warm.live)
      var line = "endpoint \(index): free \(String(free, radix: 16)), live \(String(live, radix: 16))"
      for bit in 0..<UInt32(SWERVE_POOL_SLOTS) where live & (1 << UInt64(bit)) != 0 {
        guard let slot = tables.slots[(state.pool - 1) * UInt32(SWERVE_POOL_SLOTS) + bit]?.pointee else { continue }
        line += "; \(bit): reach \(slot.reach) stage \(slot.stage) unread \(Int64(slot.queued) - Int64(slot.consumed))"
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  /// What is still open, one line each.
  var leftovers: [String] {
    var found: [String] = []
    for index in 0..<UInt32(tables.endpointStates.count) {
      guard let state = tables.endpointStates[index] else { continue }
      let (free, live) = (state.pointee.warm.free, state.pointee.warm.live)
      if free != live {
        found.append("endpoint \(index): free \(String(free, radix: 16)), live \(String(live, radix: 16))")
      }
      if state.pointee.in_flight != 0 {
        found.append("endpoint \(index): \(Int32(bitPattern: state.pointee.in_flight)) in flight")
      }
    }
    for index in 0..<UInt32(tables.clients.count) {
      guard let client = tables.clients[index], client.pointee.cookie != 0 else { continue }
      found.append("client \(index): state \(String(client.pointee.state, radix: 16)), slot \(client.pointee.slot)")
    }
    return found
  }

  /// The records of clients connected now.
  var openClients: [swerve_client] {
    (0..<UInt32(tables.clients.count)).compactMap { tables.clients[$0]?.pointee }.filter { $0.cookie != 0 }
  }
}
