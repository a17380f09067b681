// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A file of records, named after the sequence number of the first: deleted as a whole when all are acknowledged.
struct Segment {
  struct Record: Hashable {
    var sequence: UInt64
    var offset: Int
    var byteCount: Int
    var isAcknowledged = false
  }

  let first: UInt64
  let path: String
  /// With records that recovery passed over.
  var byteCount = 0
  /// Ascending.
  private(set) var records: [Record] = []
  private var acknowledgedCount = 0
  /// All records before this index are acknowledged.
  private var prefixCount = 0

  init(first: UInt64, in directory: String) {
    self.first = first
    path = "\(directory)/\(Self.name(first))"
  }

  var isAcknowledged: Bool { acknowledgedCount == records.count }

  /// The first record that is not acknowledged.
  var firstPending: UInt64? { prefixCount < records.count ? records[prefixCount].sequence : nil }

  mutating func append(_ record: Record) {
    records.append(record)
    if record.isAcknowledged { acknowledgedCount += 1 }
    movePrefix()
  }

  func record(_ sequence: UInt64) -> Record? {
    index(of: sequence).map { records[$0] }
  }

  /// - Returns: false when it was acknowledged before.
  mutating func acknowledge(_ sequence: UInt64) -> Bool {
    guard let index = index(of: sequence), !records[index].isAcknowledged else { return false }
    records[index].isAcknowledged = true
    acknowledgedCount += 1
    movePrefix()
    return true
  }

  private mutating func movePrefix() {
    while prefixCount < records.count, records[prefixCount].isAcknowledged { prefixCount += 1 }
  }

  private func index(of sequence: UInt64) -> Int? {
    var low = 0
    var high = records.count
    while low < high {
      let middle = (low + high) / 2
      if records[middle].sequence < sequence { low = middle + 1 } else { high = middle }
    }
    return low < records.count && records[low].sequence == sequence ? low : nil
  }

  // MARK: Names

  private static let suffix = ".segment"
  private static let digitCount = 16

  static func name(_ first: UInt64) -> String {
    let digits = String(first, radix: 16)
    return String(repeating: "0", count: digitCount - digits.count) + digits + suffix
  }

  /// Nil for the files of others.
  static func first(ofName name: String) -> UInt64? {
    guard name.hasSuffix(suffix), let first = UInt64(name.dropLast(suffix.count), radix: 16), Self.name(first) == name
    else { return nil }
    return first
  }
}
