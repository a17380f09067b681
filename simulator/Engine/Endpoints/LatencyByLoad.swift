// SPDX-License-Identifier: Apache-2.0

/// The latest latencies of an endpoint by how many requests it had when each arrived: what Prequal's servers estimate from.
///
/// Each load keeps its own latest ones. Were only the latest of all kept, an endpoint that has just emptied would go by
/// those of its full time, look slow, and so stay empty while others fill.
struct LatencyByLoad {
  /// For each load.
  private static let samplesMax = 4
  /// Loads are told apart one by one up to here, then by eighths of an octave.
  private static let exactBits = 5
  private static let buckets = 64
  /// So many that are nearest make an estimate.
  static let samplesWanted = 8

  /// In units of 1,024 ns.
  private var samples = [UInt32](repeating: 0, count: buckets * samplesMax)
  /// How many each has had.
  private var counts = [UInt32](repeating: 0, count: buckets)

  mutating func add(_ nanoseconds: UInt64, requestsInFlight: UInt32) {
    let bucket = Self.bucket(requestsInFlight)
    let place = Int(counts[bucket]) % Self.samplesMax
    samples[bucket * Self.samplesMax + place] = UInt32(clamping: nanoseconds >> 10)
    counts[bucket] &+= 1
  }

  /// The median of the latest ones at this load, and at the nearest others while these are few; 0 when there are none.
  func median(near requestsInFlight: UInt32) -> UInt64 {
    let center = Self.bucket(requestsInFlight)
    return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.samplesWanted + 2 * Self.samplesMax) { found in
      var count = 0
      var distance = 0
      while count < Self.samplesWanted, distance < Self.buckets {
        collect(center - distance, found, &count)
        if distance > 0 { collect(center + distance, found, &count) }
        distance += 1
      }
      return count == 0 ? 0 : UInt64(found[count / 2]) << 10
    }
  }

  /// Puts a load's latencies among those found, which are ascending.
  private func collect(_ bucket: Int, _ found: UnsafeMutableBufferPointer<UInt32>, _ count: inout Int) {
    guard bucket >= 0, bucket < Self.buckets else { return }
    for place in 0..<min(Self.samplesMax, Int(counts[bucket])) {
      let sample = samples[bucket * Self.samplesMax + place]
      var position = count
      while position > 0, found[position - 1] > sample {
        found[position] = found[position - 1]
        position -= 1
      }
      found[position] = sample
      count += 1
    }
  }

  private static func bucket(_ requestsInFlight: UInt32) -> Int {
    if requestsInFlight < 1 << exactBits { return Int(requestsInFlight) }
    let octave = 31 - requestsInFlight.leadingZeroBitCount
    let eighth = Int(requestsInFlight >> UInt32(octave - 3)) & 7
    return min(buckets - 1, (1 << exactBits) + (octave - exactBits) * 8 + eighth)
  }
}
