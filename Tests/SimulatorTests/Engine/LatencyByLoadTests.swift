// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

private let ms: UInt64 = 1_000_000

@Suite struct LatencyByLoadTests {
  /// Units are 1,024 ns.
  private func isClose(_ a: UInt64, _ b: UInt64) -> Bool { a <= b && b - a < 1_024 }

  @Test func nothingIsKnownAtFirst() {
    #expect(LatencyByLoad().median(near: 3) == 0)
  }

  @Test func theNearestLoadsMakeTheMedian() {
    var latencies = LatencyByLoad()
    for milliseconds in [10, 20, 30, 40] as [UInt64] { latencies.add(milliseconds * ms, requestsInFlight: 2) }
    for milliseconds in [50, 60, 70, 80] as [UInt64] { latencies.add(milliseconds * ms, requestsInFlight: 3) }
    for _ in 0..<8 { latencies.add(900 * ms, requestsInFlight: 9) }
    // 10 to 80 ms are eight: the upper of the two in the middle.
    #expect(isClose(latencies.median(near: 2), 50 * ms))
    // 9 has the four latest of its own, and then those of 3.
    #expect(isClose(latencies.median(near: 9), 900 * ms))
  }

  @Test func onlyTheLatestOfALoadCount() {
    var latencies = LatencyByLoad()
    for milliseconds in 1...100 as ClosedRange<UInt64> { latencies.add(milliseconds * ms, requestsInFlight: 0) }
    #expect(isClose(latencies.median(near: 0), 99 * ms))
  }

  @Test func anEndpointThatHasEmptiedGoesByWhatItDidWhenEmpty() {
    var latencies = LatencyByLoad()
    for _ in 0..<8 { latencies.add(5 * ms, requestsInFlight: 0) }
    for _ in 0..<8 { latencies.add(6 * ms, requestsInFlight: 1) }
    // Full for a while: hundreds of requests that take a second.
    for load in 0..<500 as Range<UInt32> { latencies.add(1_000 * ms, requestsInFlight: 40 + load % 60) }
    #expect(latencies.median(near: 0) < 7 * ms)
    #expect(latencies.median(near: 70) > 900 * ms)
    #expect(latencies.median(near: .max) > 900 * ms)
  }
}
