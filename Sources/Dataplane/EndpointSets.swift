// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation
public import SwerveABI

/// Service id -> published endpoint set. Publication is one pointer swap: a decision under way reads the old set to its
/// end, the next one reads the new set.
public struct EndpointSets: Sendable {
  let descriptor: Descriptor

  /// Inner maps made before they are swapped in together. Each holds a descriptor until then.
  private static let batch = 512

  /// Publishes many sets. Returns after a grace period: no decision reads a replaced set any more.
  public func publish(_ sets: [(service: UInt32, cells: [swerve_cell])]) throws(DataplaneError) {
    var rest = sets[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(EndpointSets.batch)
      rest = rest.dropFirst(chunk.count)
      var inner: [Descriptor] = []
      for set in chunk { inner.append(try EndpointSets.make(set.cells)) }
      try updateBatch(descriptor, "endpoint_sets", keys: chunk.map(\.service), values: inner.map { UInt32($0.raw) })
    }
  }

  /// Gives services that have left one empty set between them, with one swap: deletions wait for a grace period each.
  public func empty(_ services: [UInt32]) throws(DataplaneError) {
    let empty = try EndpointSets.make([swerve_cell()])
    try updateBatch(
      descriptor, "endpoint_sets", keys: services, values: services.map { _ in UInt32(empty.raw) })
  }

  /// The cells published for a service; nil when there are none.
  public func read(_ service: UInt32) throws(DataplaneError) -> [swerve_cell]? {
    var key = service
    var mapID: UInt32 = 0
    let result = bpf_map_lookup_elem(descriptor.raw, &key, &mapID)
    if result != 0 {
      if errorNumber(result) == ENOENT { return nil }
      throw DataplaneError(.map, "read the endpoint set of service \(service)", errno: errorNumber(result))
    }
    let raw = bpf_map_get_fd_by_id(mapID)
    // The set may have been replaced since its id was read.
    if raw < 0 && errorNumber(raw) == ENOENT { return try read(service) }
    guard raw >= 0 else {
      throw DataplaneError(.map, "open the endpoint set of service \(service)", errno: errorNumber(raw))
    }
    let inner = Descriptor(owning: raw)
    return try ArrayMap<swerve_cell>(descriptor: inner, name: "endpoint_set").readAll(
      count: try EndpointSets.count(inner))
  }

  private static func make(_ cells: [swerve_cell]) throws(DataplaneError) -> Descriptor {
    var options = bpf_map_create_opts()
    options.sz = MemoryLayout<bpf_map_create_opts>.size
    options.map_flags = UInt32(BPF_F_INNER_MAP)
    let raw = bpf_map_create(
      BPF_MAP_TYPE_ARRAY, "endpoint_set", UInt32(MemoryLayout<UInt32>.size), UInt32(MemoryLayout<swerve_cell>.size),
      UInt32(cells.count), &options)
    guard raw >= 0 else {
      throw DataplaneError(.map, "create an endpoint set of \(cells.count) cells", errno: errorNumber(raw))
    }
    let inner = Descriptor(owning: raw)
    try updateBatch(inner, "endpoint_set", keys: Array(0..<UInt32(cells.count)), values: cells)
    return inner
  }

  private static func count(_ map: Descriptor) throws(DataplaneError) -> Int {
    var info = bpf_map_info()
    var size = UInt32(MemoryLayout<bpf_map_info>.size)
    let result = bpf_obj_get_info_by_fd(map.raw, &info, &size)
    guard result == 0 else { throw DataplaneError(.map, "ask about an endpoint set", errno: errorNumber(result)) }
    return Int(info.max_entries)
  }
}
