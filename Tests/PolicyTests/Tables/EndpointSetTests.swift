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

  @Test func headerThenEndpointsThenDrainingThenTable() throws {
    let members = Members.weighted([2, 0, 1, 0, 3])
    let cells = EndpointSet.cells(.roundRobin, members)
    try #require(cells.count == 1 + 3 + 2 + 1)
    let header = cells[0].header
    #expect(header.endpoint_count == 3)
    #expect(header.draining_count == 2)
    #expect(header.table_size == 6)
    #expect(header.algorithm == SWERVE_ROUND_ROBIN.rawValue)
    #expect(header.weighted == 1)
    #expect(cells[1...5].map(\.endpoint.id) == [0, 2, 4, 1, 3])
    #expect(cells[1...5].map(\.endpoint.weight) == [2, 1, 3, 0, 0])
    let table = positions([cells[6]])
    #expect(Members.turns(Array(table[..<6]), count: 3) == [2, 1, 3])
    #expect(table[6...].allSatisfy { $0 == 0 })
  }

  @Test func tableFillsItsCellsInOrder() throws {
    let members = Members.equal(3)
    let cells = EndpointSet.cells(.maglev, members)
    let table = MaglevTable.positions(members)
    #expect(Int(cells[0].header.table_size) == table.count)
    let perCell = Int(SWERVE_CELL_POSITIONS)
    try #require(cells.count == 1 + 3 + (table.count + perCell - 1) / perCell)
    #expect(Array(positions(Array(cells[4...]))[..<table.count]) == table)
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
    let (ipv4, ipv6) = (bytes(cells[1]), bytes(cells[2]))
    #expect(ipv4[..<16] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 1, 2, 3])
    #expect(ipv4[24..<26] == [0x12, 0x34])
    #expect(ipv6[..<16] == [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34])
    #expect(ipv6[24..<26] == [0, 80])
    #expect(cells[1].endpoint.id == 7 && cells[1].endpoint.generation == 9)
  }

  @Test func aliasSlotsAreWrittenForDrawsInProportion() {
    let cells = EndpointSet.cells(.random, Members.weighted([1, 0, 3]))
    let slots = AliasTable.slots(weights: [1, 3])
    #expect(cells[1...2].map(\.endpoint.alias) == slots.map(\.alias))
    #expect(cells[1...2].map(\.endpoint.alias_threshold) == slots.map(\.threshold))
  }

  @Test(arguments: LoadBalancer.allCases) func emptySetIsAHeaderAlone(loadBalancer: LoadBalancer) throws {
    let cells = EndpointSet.cells(loadBalancer, [])
    try #require(cells.count == 1)
    #expect(cells[0].header.endpoint_count == 0 && cells[0].header.table_size == 0)
  }

  @Test(arguments: LoadBalancer.allCases) func onlyDrainingEndpointsNeedNoTable(loadBalancer: LoadBalancer) throws {
    let cells = EndpointSet.cells(loadBalancer, Members.weighted([0, 0]))
    try #require(cells.count == 3)
    let header = cells[0].header
    #expect(header.endpoint_count == 0 && header.draining_count == 2 && header.table_size == 0)
  }

  @Test(arguments: LoadBalancer.allCases) func algorithmsHaveTheirNumberBothWays(loadBalancer: LoadBalancer) {
    #expect(LoadBalancer(algorithm: loadBalancer.algorithm.rawValue) == loadBalancer)
    #expect(LoadBalancer(algorithm: SWERVE_ALGORITHM_COUNT.rawValue) == nil)
  }

  @Test func addressesSurviveTheKernelsForm() throws {
    var random = SeededGenerator(state: 7)
    for _ in 0..<100 {
      let address = IPAddress(high: random.next(), low: random.next())
      try #require(IPAddress(swerve_address(address)) == address)
    }
  }
}
