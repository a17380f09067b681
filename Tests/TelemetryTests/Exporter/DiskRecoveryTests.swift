// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Telemetry

/// What is found after a crash, at every place where it could have happened.
@Suite struct DiskRecoveryTests {
  private static let recordBytes = DiskRecordHeader.byteCount + 8

  @Test func aFileTornAtAnyByteKeepsAllThatIsBeforeTheTear() throws {
    let files = try QueueFiles()
    do {
      let queue = try files.open()
      for number in 0..<4 { try queue.add(.numbered(number)) }
    }
    let name = files.segments[0]
    let whole = try files.read(name)
    #expect(whole.count == 4 * Self.recordBytes)
    for length in 0..<whole.count {
      try files.write(name, whole.prefix(length))
      let kept = length / Self.recordBytes
      let torn = length % Self.recordBytes
      do {
        let queue = try files.open()
        #expect(queue.recovery?.requests == kept)
        #expect(queue.recovery?.lostBytes == torn)
        #expect(queue.recovery?.lostRequests == (torn > 0 ? 1 : 0))
        // What is added now has to survive the next start as well.
        try queue.add(.numbered(100))
        #expect(queue.takeNumbers() == Array(0..<kept) + [100])
      }
      let next = try files.open()
      #expect(next.recovery?.lostBytes == 0, "counted once")
      #expect(next.takeNumbers() == Array(0..<kept) + [100])
      for segment in files.segments { try FileManager.default.removeItem(atPath: "\(files.path)/\(segment)") }
    }
  }

  @Test func aChangeOfAnyByteIsNoticedAndNeverChangesARequest() throws {
    let files = try QueueFiles()
    let sent = (0..<4).map { EncodedRequest.numbered($0, items: 3, .logs, tenant: "t") }
    do {
      let queue = try files.open()
      for request in sent { try queue.add(request) }
    }
    let name = files.segments[0]
    let whole = try files.read(name)
    for offset in 0..<whole.count {
      for bit in [UInt8(0x01), 0x80] {
        var changed = whole
        changed[offset] ^= bit
        try files.write(name, changed)
        let queue = try files.open()
        let found = queue.takeAll().joined().map(\.request)
        let broken = offset / (whole.count / 4)
        #expect(found.starts(with: sent.prefix(broken)))
        #expect(found.allSatisfy(sent.contains))
        #expect(!found.contains(sent[broken]))
        let recovery = try #require(queue.recovery)
        #expect(recovery.lostRequests >= 1)
        #expect(recovery.lostBytes > 0)
      }
    }
  }

  @Test func aRecordThatHasRottedIsPassedOver() throws {
    let files = try QueueFiles()
    do {
      let queue = try files.open()
      for number in 0..<4 { try queue.add(.numbered(number)) }
    }
    var segment = try files.read(files.segments[0])
    segment[Self.recordBytes + 35] ^= 1
    try files.write(files.segments[0], segment)
    let queue = try files.open()
    #expect(queue.recovery == DiskRecovery(requests: 3, items: 3, lostRequests: 1, lostBytes: Self.recordBytes))
    #expect(queue.takeNumbers() == [0, 2, 3])
  }

  @Test func aSegmentThatIsTornInTheMiddleDoesNotHideThoseBehindIt() throws {
    let files = try QueueFiles()
    do {
      let queue = try files.open(segmentBytes: 4 * Self.recordBytes)
      for number in 0..<12 { try queue.add(.numbered(number)) }
    }
    try files.write(files.segments[1], try files.read(files.segments[1]).prefix(Self.recordBytes + 3))
    let queue = try files.open()
    #expect(queue.recovery?.lostRequests == 3, "the next segment's name says how many there were")
    #expect(queue.takeNumbers() == [0, 1, 2, 3, 4, 8, 9, 10, 11])
  }

  @Test func aSegmentOfZerosIsNoEndlessOne() throws {
    let files = try QueueFiles()
    do { try files.open().add(.numbered(1)) }
    // File systems may leave a file that is longer than what was written to it.
    try files.write(files.segments[0], try files.read(files.segments[0]) + Data(repeating: 0, count: 1 << 20))
    let queue = try files.open()
    #expect(queue.recovery?.lostBytes == 1 << 20)
    #expect(queue.takeNumbers() == [1])
  }

  /// Adds, takes and acknowledges at random and crashes at random moments; what was taken in and not delivered before the
  /// crash must be there after it.
  @Test(arguments: 0..<20) func aCrashAtAnyMomentLosesNothingThatWasTaken(seed: Int) throws {
    var random = SeededGenerator(seed: UInt64(seed))
    var files = try QueueFiles()
    var queue = try files.open(segmentBytes: 600)
    var undelivered: Set<Int> = []
    var delivered: [Int: Int] = [:]
    var taken: [[QueuedRequest]] = []
    var next = 0
    for _ in 0..<400 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<4:
        try queue.add(.numbered(next, bytes: .random(in: 0..<200, using: &random)))
        undelivered.insert(next)
        next += 1
      case 4..<7:
        if case .batch(let requests) = queue.take(nil) { taken.append(requests) }
      case 7..<9 where !taken.isEmpty:
        let requests = taken.remove(at: .random(in: 0..<taken.count, using: &random))
        queue.acknowledge(requests)
        for number in requests.compactMap(\.request.number) {
          undelivered.remove(number)
          delivered[number, default: 0] += 1
        }
      case 9 where Int.random(in: 0..<10, using: &random) == 0:
        files = try files.copy()
        queue = try files.open(segmentBytes: 600)
        #expect(queue.recovery?.lostBytes == 0)
        taken = queue.takeAll()
        let found = Set(taken.joined().compactMap(\.request.number))
        #expect(undelivered.isSubset(of: found))
      default: break
      }
    }
    #expect(queue.counts.requests >= undelivered.count)
  }
}
