// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation

/// A BPF array indexed by a 32-bit id.
public struct ArrayMap<Value: KernelRecord>: Sendable {
  let descriptor: Descriptor
  let name: String

  /// The record at `index`. Throws when the index is past the array's end.
  public func read(_ index: UInt32) throws(DataplaneError) -> Value {
    var key = index
    let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    defer { value.deallocate() }
    let result = bpf_map_lookup_elem(descriptor.raw, &key, value)
    guard result == 0 else {
      throw DataplaneError(.map, "read element \(index) of map \(name)", errno: errorNumber(result))
    }
    return value.pointee
  }

  /// Replaces the record at `index`.
  public func write(_ index: UInt32, _ value: Value) throws(DataplaneError) {
    var key = index
    let result = unsafe(value) { bpf_map_update_elem(descriptor.raw, &key, $0, UInt64(BPF_ANY)) }
    guard result == 0 else {
      throw DataplaneError(.map, "write element \(index) of map \(name)", errno: errorNumber(result))
    }
  }

  /// Replaces many records with one system call.
  public func write(_ records: [(index: UInt32, value: Value)]) throws(DataplaneError) {
    try updateBatch(descriptor, name, keys: records.map(\.index), values: records.map(\.value))
  }

  /// Calls `body` with the first `count` records in order, a few thousand for each system call and in memory at a time.
  public func forEach(count: Int, _ body: (UInt32, Value) throws(DataplaneError) -> Void) throws(DataplaneError) {
    let chunk = min(count, 4096)
    guard chunk > 0 else { return }
    let keys = UnsafeMutablePointer<UInt32>.allocate(capacity: chunk)
    let values = UnsafeMutablePointer<Value>.allocate(capacity: chunk)
    defer {
      keys.deallocate()
      values.deallocate()
    }
    var cursor: UInt32 = 0
    var done = 0
    while done < count {
      var read = UInt32(min(chunk, count - done))
      let result = withUnsafeMutablePointer(to: &cursor) { cursor in
        bpf_map_lookup_batch(descriptor.raw, done == 0 ? nil : cursor, cursor, keys, values, &read, nil)
      }
      let error = result == 0 ? 0 : errorNumber(result)
      guard error == 0 || error == ENOENT else { throw DataplaneError(.map, "read map \(name)", errno: error) }
      for index in 0..<Int(read) { try body(keys[index], values[index]) }
      if read == 0 || error == ENOENT { return }
      done += Int(read)
    }
  }

  /// The first `count` records in order.
  public func readAll(count: Int) throws(DataplaneError) -> [Value] {
    var records: [Value] = []
    records.reserveCapacity(count)
    try forEach(count: count) { _, record in records.append(record) }
    return records
  }
}

/// A BPF hash.
public struct HashMap<Key: KernelRecord, Value: KernelRecord>: Sendable {
  let descriptor: Descriptor
  let name: String

  /// Inserts or replaces many entries with one system call. Throws `full` when the map has no room; entries before the
  /// first that did not fit are in.
  public func update(_ entries: [(key: Key, value: Value)]) throws(DataplaneError) {
    try updateBatch(descriptor, name, keys: entries.map(\.key), values: entries.map(\.value))
  }

  /// Removes an entry; whether there was one.
  @discardableResult
  public func remove(_ key: Key) throws(DataplaneError) -> Bool {
    let result = unsafe(key) { bpf_map_delete_elem(descriptor.raw, $0) }
    if result == 0 { return true }
    let error = errorNumber(result)
    if error == ENOENT { return false }
    throw DataplaneError(.map, "remove an entry of map \(name)", errno: error)
  }

  /// The value under `key`, nil when there is none.
  public func read(_ key: Key) throws(DataplaneError) -> Value? {
    let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    defer { value.deallocate() }
    let result = unsafe(key) { bpf_map_lookup_elem(descriptor.raw, $0, value) }
    if result == 0 { return value.pointee }
    let error = errorNumber(result)
    if error == ENOENT { return nil }
    throw DataplaneError(.map, "read an entry of map \(name)", errno: error)
  }

  /// All entries, in no particular order. Not a snapshot: entries changed meanwhile may be missed.
  public func entries() throws(DataplaneError) -> [(key: Key, value: Value)] {
    var entries: [(key: Key, value: Value)] = []
    for key in try keys() {
      if let value = try read(key) { entries.append((key, value)) }
    }
    return entries
  }

  private func keys() throws(DataplaneError) -> [Key] {
    var found: [Key] = []
    let next = UnsafeMutablePointer<Key>.allocate(capacity: 1)
    defer { next.deallocate() }
    var result = bpf_map_get_next_key(descriptor.raw, nil, next)
    while result == 0 {
      let key = next.pointee
      found.append(key)
      result = unsafe(key) { bpf_map_get_next_key(descriptor.raw, $0, next) }
    }
    let error = errorNumber(result)
    guard error == ENOENT else { throw DataplaneError(.map, "list map \(name)", errno: error) }
    return found
  }
}

/// Calls `body` with a pointer to a copy of `value`.
func unsafe<Value: KernelRecord, Result>(_ value: Value, _ body: (UnsafePointer<Value>) -> Result) -> Result {
  withUnsafePointer(to: value, body)
}

/// `BPF_MAP_UPDATE_BATCH` of parallel arrays. The kernel stops at the first entry it refuses.
func updateBatch<Key: KernelRecord, Value: KernelRecord>(
  _ map: Descriptor, _ name: String, keys: [Key], values: [Value]
) throws(DataplaneError) {
  guard !keys.isEmpty else { return }
  var count = UInt32(keys.count)
  let result = keys.withUnsafeBytes { keys in
    values.withUnsafeBytes { values in
      bpf_map_update_batch(map.raw, keys.baseAddress, values.baseAddress, &count, nil)
    }
  }
  guard result != 0 else { return }
  let error = errorNumber(result)
  if error == E2BIG {
    throw DataplaneError(.full, "add to map \(name): entry \(count + 1) of \(keys.count) did not fit", errno: error)
  }
  throw DataplaneError(.map, "update map \(name)", errno: error)
}
