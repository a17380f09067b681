// SPDX-License-Identifier: Apache-2.0

/// Counts of latencies in log-linear buckets, as HdrHistogram has them: every octave is divided into equal parts.
public struct LatencyHistogram: Hashable, Codable, Sendable {
  /// Everything below 2^10 ns is one bucket, everything from 2^43 ns (over two hours) on is the last.
  private static let octaveMin = 10
  private static let octaves = 33

  /// Two to this power parts of an octave.
  private let precisionBits: Int
  public private(set) var counts: [UInt32]
  public private(set) var total = 0

  /// - Parameter precisionBits: 7, as it is by default, has percentiles right within 0.4 %, 4 within 3 %.
  public init(precisionBits: Int = 7) {
    self.precisionBits = precisionBits
    counts = [UInt32](repeating: 0, count: (Self.octaves << precisionBits) + 2)
  }

  @inline(__always)
  public mutating func add(_ nanoseconds: UInt64) {
    total += 1
    let index = self.index(of: nanoseconds)
    counts.withUnsafeMutableBufferPointer { $0[index] &+= 1 }
  }

  /// Adds the counts of a histogram of the same precision.
  public mutating func add(_ other: LatencyHistogram) {
    precondition(precisionBits == other.precisionBits, "histograms of different precision")
    for i in counts.indices { counts[i] &+= other.counts[i] }
    total += other.total
  }

  /// The latency that `percent` of all are not above, in nanoseconds: the middle of its bucket. 0 when there are none.
  public func percentile(_ percent: Double) -> UInt64 {
    if total == 0 { return 0 }
    let rank = max(1, Int((percent / 100 * Double(total)).rounded(.up)))
    var seen = 0
    for (index, count) in counts.enumerated() where count > 0 {
      seen += Int(count)
      if seen >= rank { return middle(of: index) }
    }
    return middle(of: counts.count - 1)
  }

  /// Upper bounds of the buckets that hold something, with the share of all that is not above: a cumulative
  /// distribution.
  public var cumulative: [(nanoseconds: UInt64, share: Double)] {
    var seen = 0
    return counts.indices.filter { counts[$0] > 0 }.map { index in
      seen += Int(counts[index])
      return (lowerBound(of: index + 1), Double(seen) / Double(total))
    }
  }

  private func index(of nanoseconds: UInt64) -> Int {
    let octave = 63 - (nanoseconds | 1).leadingZeroBitCount - Self.octaveMin
    if octave < 0 { return 0 }
    let part = Int(truncatingIfNeeded: nanoseconds >> UInt64(octave + Self.octaveMin - precisionBits))
    return min(counts.count - 1, (octave << precisionBits) + part - (1 << precisionBits) + 1)
  }

  private func lowerBound(of index: Int) -> UInt64 {
    if index == 0 { return 0 }
    let octave = (index - 1) >> precisionBits
    let part = UInt64((index - 1) & ((1 << precisionBits) - 1))
    let width = UInt64(1) << UInt64(octave + Self.octaveMin - precisionBits)
    return (UInt64(1) << UInt64(octave + Self.octaveMin)) + part * width
  }

  private func middle(of index: Int) -> UInt64 {
    (lowerBound(of: index) + lowerBound(of: index + 1)) / 2
  }
}
