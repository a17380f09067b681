// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testbed
import Testing

@testable import Policy

@Suite struct EndpointSetTests {
  private func bytes(_ cell: swerve_cell) -> [UInt8] {
    withUnsafeBytes(of: cell) { [UInt8]($0) }
  }

  private func positions(_ cells: [swerve_cell]) -> [UInt16] {
    cells.flatMap { cell in
      withUnsafeBytes(of: cell.positions) { bytes in [UInt16](bytes.bindMemory(to: UInt16.self)) }
    }
  }

  /// The endpoints and what follows them.
  private static let first = Int(SWERVE_CELL_ENDPOINTS)

  @Test func headerThenPolicyThenEndpointsThenDrainingThenTable() throws {
    let members = Members.weighted([2, 0, 1, 0, 3])
    let cells = EndpointSet.cells(.roundRobin, members)
    try #require(cells.count == Self.first + 3 + 2 + 1)
    let header = cells[0].header
    #expect(header.endpoint_count == 3)
    #expect(header.draining_count == 2)
    #expect(header.table_size == 6)
    #expect(header.algorithm == SWERVE_ROUND_ROBIN.rawValue)
    #expect(header.weighted == 1)
    let endpoints = cells[Self.first..<Self.first + 5].map(\.endpoint)
    #expect(endpoints.map(\.id) == [0, 2, 4, 1, 3])
    #expect(endpoints.map(\.weight) == [2, 1, 3, 0, 0])
    let table = positions([cells[Self.first + 5]])
    #expect(Members.turns(Array(table[..<6]), count: 3) == [2, 1, 3])
    #expect(table[6...].allSatisfy { $0 == 0 })
  }

  @Test func tableFillsItsCellsInOrder() throws {
    let members = Members.equal(3)
    let cells = EndpointSet.cells(.maglev, members)
    let table = MaglevTable.positions(members)
    #expect(Int(cells[0].header.table_size) == table.count)
    let perCell = Int(SWERVE_CELL_POSITIONS)
    try #require(cells.count == Self.first + 3 + (table.count + perCell - 1) / perCell)
    #expect(Array(positions(Array(cells[(Self.first + 3)...]))[..<table.count]) == table)
  }

  @Test(arguments: LoadBalancer.allCases)
  func onlyAlgorithmsThatReadATableHaveOne(loadBalancer: LoadBalancer) {
    let equal = EndpointSet.cells(loadBalancer, Members.weighted([5, 5]))[0].header
    let weighted = EndpointSet.cells(loadBalancer, Members.weighted([5, 6]))[0].header
    #expect(equal.algorithm == loadBalancer.algorithm.rawValue && equal.weighted == 0 && weighted.weighted == 1)
    #expect((equal.table_size > 0) == [.maglev, .sourceIP].contains(loadBalancer))
    #expect((weighted.table_size > 0) == [.maglev, .sourceIP, .roundRobin].contains(loadBalancer))
  }

  @Test func addressesAndPortsAreInNetworkByteOrder() throws {
    let address = try #require(IPAddress("2001:db8::1234"))
    let members = [
      EndpointSet.Member(address: IPAddress(ipv4: 0x0a01_0203), port: 0x1234, weight: 1, id: 7, generation: 9),
      EndpointSet.Member(address: address, port: 80, weight: 1, id: 8, generation: 10),
    ]
    let cells = EndpointSet.cells(.random, members)
    let (ipv4, ipv6) = (bytes(cells[Self.first]), bytes(cells[Self.first + 1]))
    #expect(ipv4[..<16] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3])
    #expect(ipv4[24..<26] == [0x12, 0x34])
    #expect(ipv6[..<16] == [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34])
    #expect(ipv6[24..<26] == [0, 80])
    #expect(cells[Self.first].endpoint.id == 7 && cells[Self.first].endpoint.generation == 9)
  }

  @Test func aliasSlotsAreWrittenForDrawsInProportion() {
    let cells = EndpointSet.cells(.random, Members.weighted([1, 0, 3]))
    let slots = AliasTable.slots(weights: [1, 3])
    let endpoints = cells[Self.first..<Self.first + 2].map(\.endpoint)
    #expect(endpoints.map(\.alias) == slots.map(\.alias))
    #expect(endpoints.map(\.alias_threshold) == slots.map(\.threshold))
  }

  @Test func standbysFollowTheOthersAndAreNotInTheTable() throws {
    var members = Members.weighted([1, 2, 4, 0, 3])
    members[0].isStandby = true
    members[2].isStandby = true
    members[3].isStandby = true
    let cells = EndpointSet.cells(.roundRobin, members)
    let header = cells[0].header
    #expect(header.endpoint_count == 4 && header.standby_count == 2 && header.draining_count == 1)
    let endpoints = cells[Self.first..<Self.first + 5].map(\.endpoint)
    #expect(endpoints.map(\.id) == [1, 4, 0, 2, 3])
    // Each is drawn with those of its own kind: a standby's alias is a standby.
    #expect(endpoints[..<2].allSatisfy { $0.alias < 2 } && endpoints[2..<4].allSatisfy { [2, 3].contains($0.alias) })
    let table = positions([cells[Self.first + 5]])
    #expect(header.table_size == 5 && Members.turns(Array(table[..<5]), count: 2) == [2, 3])
  }

  @Test func limitsAreInTheHeaderAndTheRestOfThePolicyBehindIt() {
    var settings = TrafficSettings()
    settings.maxConnections = 7
    settings.maxRequests = 8
    settings.outlierDetection.consecutive5xxErrors = 9
    settings.outlierDetection.maxEjectionPercent = 10
    settings.outlierDetection.healthyPanicThresholdPercent = 11
    settings.maxPendingRequests = 12
    settings.request.retryAttempts = 13
    settings.request.retryOn = [.gatewayError, .reset]
    settings.fallback = .service("default/other:http")
    settings.warmup = TrafficSettings.Warmup(durationMilliseconds: 14)
    let cells = EndpointSet.cells(.random, Members.equal(1), perRequest: true, settings: settings, fallback: 15)
    #expect(
      cells[0].header.max_connections == 7 && cells[0].header.max_requests == 8 && cells[0].header.per_request == 1)
    let outlier = cells[Int(SWERVE_CELL_OUTLIER)].outlier
    #expect(outlier.consecutive_5xx == 9 && outlier.max_ejection_percent == 10 && outlier.panic_percent == 11)
    let pool = cells[Int(SWERVE_CELL_POOL)].pool
    #expect(pool.max_pending_requests == 12 && pool.warmup_ms == 14 && pool.fallback == 15 && pool.has_response == 0)
    let requests = cells[Int(SWERVE_CELL_REQUESTS)].requests
    let retryOn = SWERVE_RETRY_GATEWAY_ERROR.rawValue | SWERVE_RETRY_RESET.rawValue
    #expect(requests.retry_attempts == 13 && requests.retry_on == retryOn)
    // Linear from a tenth, in sixteenths.
    let curve = positions([cells[Int(SWERVE_CELL_WARMUP)]])
    #expect(curve.prefix(3) == [6554, 6554, 8192] && curve[8] == 32768 && curve[15] == 61440)
  }

  @Test(arguments: LoadBalancer.allCases) func emptySetIsAHeaderAndThePolicy(loadBalancer: LoadBalancer) throws {
    let cells = EndpointSet.cells(loadBalancer, [])
    try #require(cells.count == Self.first)
    #expect(cells[0].header.endpoint_count == 0 && cells[0].header.table_size == 0)
  }

  @Test(arguments: LoadBalancer.allCases) func onlyDrainingEndpointsNeedNoTable(loadBalancer: LoadBalancer) throws {
    let cells = EndpointSet.cells(loadBalancer, Members.weighted([0, 0]))
    try #require(cells.count == Self.first + 2)
    let header = cells[0].header
    #expect(header.endpoint_count == 0 && header.draining_count == 2 && header.table_size == 0)
  }

  @Test(arguments: LoadBalancer.allCases) func algorithmsHaveTheirNumberBothWays(loadBalancer: LoadBalancer) {
    #expect(LoadBalancer(algorithm: loadBalancer.algorithm.rawValue) == loadBalancer)
    #expect(LoadBalancer(algorithm: SWERVE_ALGORITHM_COUNT.rawValue) == nil)
  }

  @Test func addressesSurviveTheKernelsForm() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<100 {
      let address = IPAddress(high: random.next(), low: random.next())
      try #require(IPAddress(swerve_address(address)) == address)
    }
  }
}
