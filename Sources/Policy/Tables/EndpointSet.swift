// SPDX-License-Identifier: Apache-2.0

public import SwerveABI

/// The cells the kernel reads to decide for one service: a header, its policy, the endpoints, and a lookup table where the
/// algorithm needs one. The layout is `union swerve_cell` of the ABI.
public enum EndpointSet {
  /// One endpoint with the id and incarnation the agent gave it.
  public struct Member: Hashable, Sendable {
    public var address: IPAddress
    public var port: UInt16
    /// Share relative to the other members; 0 when it only keeps the connections it has.
    public var weight: UInt16
    /// Used only while too many of the others are ejected.
    public var isStandby: Bool
    public var id: UInt32
    public var generation: UInt32

    public init(
      address: IPAddress, port: UInt16, weight: UInt16, isStandby: Bool = false, id: UInt32, generation: UInt32
    ) {
      self.address = address
      self.port = port
      self.weight = weight
      self.isStandby = isStandby
      self.id = id
      self.generation = generation
    }
  }

  /// The cells for `members`. Without a member that takes connections every connect is refused.
  ///
  /// - Parameters:
  ///   - perRequest: whether the service is in request mode.
  ///   - fallback: id of the service that `settings` name as the fallback; nil when there is none.
  public static func cells(
    _ loadBalancer: LoadBalancer, _ members: [Member], perRequest: Bool = false,
    settings: TrafficSettings = TrafficSettings(), fallback: UInt32? = nil
  ) -> [swerve_cell] {
    let active = members.filter { $0.weight > 0 && !$0.isStandby }
    let standby = members.filter { $0.weight > 0 && $0.isStandby }
    let draining = members.filter { $0.weight == 0 }
    let weighted = Set((active + standby).map(\.weight)).count > 1
    let table = lookupTable(loadBalancer, active, weighted: weighted)

    var header = swerve_set_header()
    header.endpoint_count = UInt32(active.count + standby.count)
    header.standby_count = UInt32(standby.count)
    header.draining_count = UInt32(draining.count)
    header.table_size = UInt32(table.count)
    header.algorithm = loadBalancer.algorithm.rawValue
    header.weighted = weighted ? 1 : 0
    header.per_request = perRequest ? 1 : 0
    header.max_connections = settings.maxConnections
    header.max_requests = settings.maxRequests

    var cells = [swerve_cell(header: header)]
    cells.reserveCapacity(
      Int(SWERVE_CELL_ENDPOINTS) + members.count + (table.count + positionsPerCell - 1) / positionsPerCell)
    cells += PolicyCells.cells(settings, fallback: fallback)
    append(active, weighted: weighted, from: 0, to: &cells)
    append(standby, weighted: weighted, from: active.count, to: &cells)
    for member in draining { cells.append(cell(member, AliasTable.Slot(alias: 0, threshold: 0))) }
    appendPositions(table, to: &cells)
    return cells
  }

  /// Members that are drawn from together, the first of them at index `base` of the set.
  private static func append(_ members: [Member], weighted: Bool, from base: Int, to cells: inout [swerve_cell]) {
    let slots = weighted ? AliasTable.slots(weights: members.map(\.weight)) : AliasTable.identity(members.count)
    for (member, slot) in zip(members, slots) {
      let alias = UInt16(truncatingIfNeeded: Int(slot.alias) + base)
      cells.append(cell(member, AliasTable.Slot(alias: alias, threshold: slot.threshold)))
    }
  }

  private static func cell(_ member: Member, _ slot: AliasTable.Slot) -> swerve_cell {
    var endpoint = swerve_endpoint()
    endpoint.address = swerve_address(member.address)
    endpoint.id = member.id
    endpoint.generation = member.generation
    endpoint.port = member.port.bigEndian
    endpoint.weight = member.weight
    endpoint.alias = slot.alias
    endpoint.alias_threshold = slot.threshold
    return swerve_cell(endpoint: endpoint)
  }

  private static let positionsPerCell = Int(SWERVE_CELL_POSITIONS)

  /// Endpoint indices by position; empty when the algorithm draws without a table.
  private static func lookupTable(_ loadBalancer: LoadBalancer, _ members: [Member], weighted: Bool) -> [UInt16] {
    switch loadBalancer {
    case .maglev, .sourceIP: MaglevTable.positions(members)
    case .roundRobin where weighted: WeightedSchedule.positions(weights: members.map(\.weight))
    case .roundRobin, .random, .leastRequest, .peakEWMA: []
    }
  }

  private static func appendPositions(_ table: [UInt16], to cells: inout [swerve_cell]) {
    for start in stride(from: 0, to: table.count, by: positionsPerCell) {
      var cell = swerve_cell()
      withUnsafeMutableBytes(of: &cell.positions) { bytes in
        let positions = bytes.bindMemory(to: UInt16.self)
        for (offset, index) in table[start...].prefix(positionsPerCell).enumerated() { positions[offset] = index }
      }
      cells.append(cell)
    }
  }
}

extension LoadBalancer {
  /// The kernel's number of the algorithm.
  public var algorithm: swerve_algorithm {
    switch self {
    case .roundRobin: SWERVE_ROUND_ROBIN
    case .random: SWERVE_RANDOM
    case .leastRequest: SWERVE_LEAST_REQUEST
    case .peakEWMA: SWERVE_PEAK_EWMA
    case .maglev: SWERVE_MAGLEV
    case .sourceIP: SWERVE_SOURCE_IP
    }
  }

  /// The algorithm with the kernel's number; nil for a number this build does not know.
  public init?(algorithm: UInt32) {
    guard let found = LoadBalancer.allCases.first(where: { $0.algorithm.rawValue == algorithm }) else { return nil }
    self = found
  }
}

extension swerve_address {
  /// The address in network byte order, as the kernel compares it.
  public init(_ address: IPAddress) {
    self.init(halves: (address.high.bigEndian, address.low.bigEndian))
  }
}

extension IPAddress {
  /// The address the kernel holds in network byte order.
  public init(_ address: swerve_address) {
    self.init(high: UInt64(bigEndian: address.halves.0), low: UInt64(bigEndian: address.halves.1))
  }
}
