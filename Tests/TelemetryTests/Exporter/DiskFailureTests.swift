// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Testbed
import Testing

@testable import Telemetry

/// A disk that is full or broken.
@Suite struct DiskFailureTests {
  private static let recordBytes = DiskRecordHeader.byteCount + 8

  @Test func aDiskThatIsFullAfterAnyByteRefusesAndKeepsNoHalfRecord() throws {
    for room in 0..<Self.recordBytes {
      let files = try QueueFiles()
      let disk = FaultyDisk()
      do {
        let queue = try files.open(calls: disk.calls)
        try queue.add(.numbered(1))
        disk.set { $0.room = room }
        #expect(refusal { () throws(Refusal) in try queue.add(.numbered(2)) } == .unavailable)
        #expect(try files.read(files.segments[0]).count == Self.recordBytes)
        #expect(queue.counts.refusedStorage == 1)
        #expect(queue.counts.size == 1)
        disk.set { $0.room = nil }
        try queue.add(.numbered(3))
        #expect(queue.takeNumbers() == [1, 3])
      }
      let queue = try files.open()
      #expect(queue.recovery == DiskRecovery(requests: 2, items: 2))
      #expect(queue.takeNumbers() == [1, 3])
    }
  }

  @Test func aWriteInSeveralPartsIsCompleted() throws {
    let files = try QueueFiles()
    var calls = DiskCalls()
    // One byte each time.
    calls.write = { descriptor, parts, count in
      for index in 0..<count where parts[index].iov_len > 0 { return write(descriptor, parts[index].iov_base, 1) }
      return 0
    }
    do { try files.open(calls: calls).add(.numbered(1, tenant: "t")) }
    #expect(try files.open().takeAll().joined().map(\.request) == [.numbered(1, tenant: "t")])
  }

  @Test func whatCannotBeTakenBackHidesNothingThatComesLater() throws {
    for room in 0..<Self.recordBytes {
      let files = try QueueFiles()
      let disk = FaultyDisk()
      do {
        let queue = try files.open(calls: disk.calls)
        try queue.add(.numbered(1))
        disk.set {
          $0.room = room
          $0.truncates = false
          $0.writeError = EIO
        }
        #expect(refusal { () throws(Refusal) in try queue.add(.numbered(2)) } == .unavailable)
        disk.set { $0 = .init() }
        try queue.add(.numbered(3))
        #expect(queue.takeNumbers() == [1, 3])
      }
      let queue = try files.open()
      #expect(queue.takeNumbers() == [1, 3])
      #expect(queue.recovery?.lostBytes == room)
    }
  }

  @Test func aRequestThatIsNotOnTheDiskIsNotTakenWithFsync() throws {
    let files = try QueueFiles()
    let disk = FaultyDisk()
    let queue = try files.open(fsync: true, calls: disk.calls)
    try queue.add(.numbered(1))
    disk.set { $0.synchronizes = false }
    #expect(refusal { () throws(Refusal) in try queue.add(.numbered(2)) } == .unavailable)
    disk.set { $0.synchronizes = true }
    try queue.add(.numbered(3))
    #expect(queue.takeNumbers() == [1, 3])
  }

  @Test(.enabled(if: Programs.isRoot, "mounting a file system needs root"))
  func aFullFileSystemRefusesAndGoesOnWhenThereIsRoom() throws {
    let mounted = try SmallFileSystem(bytes: 256 << 10)
    var settings = DiskQueueSettings(directory: "\(mounted.path)/queue")
    settings.segmentBytesMax = 64 << 10
    var accepted: [Int] = []
    do {
      let queue = try DiskQueue(settings, capacity: 1_000)
      for number in 0..<40 {
        if refusal({ () throws(Refusal) in try queue.add(.numbered(number, bytes: 20_000)) }) == nil {
          accepted.append(number)
        }
      }
      #expect((5..<14).contains(accepted.count), "\(accepted.count) of 40")
      #expect(queue.counts.refusedStorage == 40 - accepted.count)
      for taken in queue.takeAll().prefix(6) { queue.acknowledge(taken) }
      try queue.add(.numbered(100, bytes: 20_000))
    }
    let queue = try DiskQueue(settings, capacity: 1_000)
    #expect(queue.recovery?.lostBytes == 0)
    #expect(queue.takeNumbers() == accepted.dropFirst(6) + [100])
  }
}

/// A file system in memory with so many bytes, until the last reference goes.
private final class SmallFileSystem {
  private let directory: TemporaryDirectory
  var path: String { directory.path }

  init(bytes: Int) throws {
    directory = try TemporaryDirectory(named: "full")
    guard mount("swerve-test", directory.path, "tmpfs", 0, "size=\(bytes)") == 0 else {
      throw SystemCallError("mount", on: directory.path, code: errno)
    }
  }

  deinit { umount2(directory.path, Int32(MNT_DETACH)) }
}
