// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Telemetry

@Suite struct DiskQueueTests {
  @Test func aRequestComesBackAsItWas() throws {
    let files = try QueueFiles()
    let requests = [
      EncodedRequest.numbered(1, bytes: 100, items: 7, .traces, tenant: "shop"),
      .numbered(2, bytes: 0, items: 0, .profiles, tenant: ""), .numbered(3, .logs),
    ]
    for request in requests { try files.open().add(request) }
    let queue = try files.open()
    #expect(queue.recovery == DiskRecovery(requests: 3, items: 8))
    #expect(queue.takeAll().joined().map(\.request) == requests)
  }

  @Test func whatWasAcknowledgedIsNotSentAfterARestart() throws {
    let files = try QueueFiles()
    do {
      let queue = try files.open()
      for number in 0..<10 { try queue.add(.numbered(number)) }
      let taken = queue.takeAll()
      // 3 is missing in the middle: only what is before it is known to have been delivered.
      for index in [0, 1, 2, 4, 5] { queue.acknowledge(taken[index]) }
      #expect(queue.shutdown() == QueueRemainder(requestCount: 5, itemCount: 5, isKept: true))
    }
    #expect(try files.open().takeNumbers() == [3, 4, 5, 6, 7, 8, 9])
  }

  @Test func segmentsGoWhenAllOfThemIsAcknowledged() throws {
    let files = try QueueFiles()
    let queue = try files.open(segmentBytes: 400)
    for number in 0..<20 { try queue.add(.numbered(number, bytes: 68)) }
    #expect(files.segments.count == 5)
    #expect(queue.diskBytes == 2_000)
    let taken = queue.takeAll()
    // Out of order: the second segment first.
    for index in 4..<8 { queue.acknowledge(taken[index]) }
    #expect(files.segments.count == 4)
    #expect(queue.diskBytes == 1_600)
    for index in 0..<4 { queue.acknowledge(taken[index]) }
    for index in 8..<20 { queue.acknowledge(taken[index]) }
    #expect(files.segments.count == 1, "the one that is being written")
    #expect(queue.counts.size == 0)
  }

  @Test func theDirectoryIsBoundedAndRoomComesBack() throws {
    let files = try QueueFiles()
    let queue = try files.open(segmentBytes: 400, bytesMax: 1_000)
    let request = EncodedRequest.numbered(1, bytes: 68)
    for _ in 0..<10 { try queue.add(request) }
    #expect(refusal { () throws(Refusal) in try queue.reserve(request) } == .overloaded(retryAfter: .seconds(1)))
    #expect(refusal { () throws(Refusal) in try queue.reserve(.numbered(1, bytes: 2_000)) } == .tooLarge)
    for taken in queue.takeAll() { queue.acknowledge(taken) }
    // Also the segment that is being written makes room when nothing in it is needed.
    for _ in 0..<8 { try queue.add(request) }
    #expect(queue.diskBytes <= 1_000)
    #expect(queue.takeAll().count == 8)
  }

  @Test func reservationsCountAndAreGivenBack() throws {
    let files = try QueueFiles()
    let queue = try files.open(bytesMax: 250)
    let request = EncodedRequest.numbered(1, bytes: 68)
    try queue.reserve(request)
    try queue.reserve(request)
    #expect(refusal { () throws(Refusal) in try queue.reserve(request) } == .overloaded(retryAfter: .seconds(1)))
    queue.cancel(request)
    try queue.reserve(request)
    try queue.commit(request)
    try queue.commit(request)
    #expect(queue.diskBytes == 200)
  }

  @Test func aRequestLargerThanASegmentHasOneOfItsOwn() throws {
    let files = try QueueFiles()
    do {
      let queue = try files.open(segmentBytes: 400)
      try queue.add(.numbered(1))
      try queue.add(.numbered(2, bytes: 10_000))
      try queue.add(.numbered(3))
      #expect(files.segments.count == 3)
    }
    #expect(try files.open(segmentBytes: 400).takeNumbers() == [1, 2, 3])
  }

  @Test func twoQueuesOnOneDirectoryAreRefused() throws {
    let files = try QueueFiles()
    var first: DiskQueue? = try files.open()
    do {
      _ = try files.open()
      Issue.record("opened twice")
    } catch let error as TelemetryError {
      #expect(error.message.contains("is used by another queue or process"))
      #expect(error.message.contains(files.path))
    }
    try first?.add(.numbered(1))
    first = nil
    #expect(try files.open().takeNumbers() == [1])
  }

  @Test func aDirectoryThatCannotBeMadeIsAnErrorWithItsName() {
    do {
      _ = try DiskQueue(DiskQueueSettings(directory: "/proc/no/such"), capacity: 1)
      Issue.record("opened")
    } catch {
      #expect(error.message.contains("sending_queue.storage: mkdir /proc/no: No such file or directory"))
    }
  }

  @Test func filesOfOthersAreLeftAlone() throws {
    let files = try QueueFiles()
    do { try files.open().add(.numbered(1)) }
    for name in ["README", "1.segment", "000000000000000G.segment", "0000000000000001.segment.bak"] {
      try files.write(name, Data("hello".utf8))
    }
    do {
      let queue = try files.open()
      #expect(queue.recovery == DiskRecovery(requests: 1, items: 1))
      for taken in queue.takeAll() { queue.acknowledge(taken) }
      _ = queue.shutdown()
    }
    #expect(try files.read("README") == Data("hello".utf8))
    #expect(try files.read("1.segment") == Data("hello".utf8))
    #expect(files.names.count == 6, "with lock and position, without segments: \(files.names)")
  }

  @Test func aMissingOrGarbledPositionSendsEverythingThatIsThereAgain() throws {
    for garbage in [nil, Data(), Data("garbage".utf8), Data(repeating: 0xff, count: 8_192)] {
      let files = try QueueFiles()
      do {
        let queue = try files.open()
        for number in 0..<5 { try queue.add(.numbered(number)) }
        for taken in queue.takeAll().prefix(3) { queue.acknowledge(taken) }
        _ = queue.shutdown()
      }
      if let garbage {
        try files.write("position", garbage)
      } else {
        try FileManager.default.removeItem(atPath: "\(files.path)/position")
      }
      #expect(try files.open().takeNumbers() == [0, 1, 2, 3, 4])
    }
  }

  @Test func aTornPositionLeavesTheOneBefore() throws {
    let files = try QueueFiles()
    do {
      let queue = try files.open()
      for number in 0..<200 { try queue.add(.numbered(number)) }
      // Numbers begin at 1: written after 63 and after 127 acknowledgements.
      for taken in queue.takeAll().prefix(130) { queue.acknowledge(taken) }
    }
    var position = try files.read("position")
    position[4_096 + 9] ^= 0xff
    try files.write("position", position)
    #expect(try files.open().takeNumbers() == Array(63..<200))
  }

  @Test func numbersThatWereAcknowledgedAreNotUsedAgainWhenSegmentsAreGone() throws {
    let files = try QueueFiles()
    do {
      let queue = try files.open()
      for number in 0..<5 { try queue.add(.numbered(number)) }
      for taken in queue.takeAll() { queue.acknowledge(taken) }
    }
    for name in files.segments { try FileManager.default.removeItem(atPath: "\(files.path)/\(name)") }
    do { try files.open().add(.numbered(7)) }
    #expect(try files.open().takeNumbers() == [7])
  }

  @Test func whatRotsWhileItWaitsIsCountedAndNotSent() throws {
    let files = try QueueFiles()
    let queue = try files.open()
    for number in 0..<3 { try queue.add(.numbered(number)) }
    var segment = try files.read(files.segments[0])
    segment[40 + 35] ^= 1
    // In place: the queue has the file open.
    let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(files.path)/\(files.segments[0])"))
    try handle.write(contentsOf: segment)
    try handle.close()
    #expect(queue.takeNumbers() == [0, 2])
    #expect(queue.counts.unreadable == 1)
    #expect(queue.counts.requests == 2)
  }

  @Test func batchesAreJoinedAcrossSegments() throws {
    let files = try QueueFiles()
    let queue = try files.open(segmentBytes: 100)
    for number in 0..<10 { try queue.add(.numbered(number)) }
    var settings = BatchSettings()
    settings.sizer = .items
    settings.minSize = 4
    settings.maxSize = 4
    #expect(queue.takeAll(settings).map(\.count) == [4, 4])
    queue.close()
    #expect(queue.takeAll(settings).map(\.count) == [2])
  }
}
