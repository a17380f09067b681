// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Testbed

@testable import Telemetry

/// A directory for a queue, with the files in it.
struct QueueFiles {
  let directory: TemporaryDirectory
  let path: String

  init() throws {
    directory = try TemporaryDirectory(named: "queue")
    path = "\(directory.path)/queue"
  }

  func open(
    segmentBytes: Int = 4 << 20, bytesMax: Int = 1 << 30, fsync: Bool = false, capacity: Int = 1_000_000,
    calls: DiskCalls = DiskCalls()
  ) throws -> DiskQueue {
    var settings = DiskQueueSettings(directory: path)
    settings.segmentBytesMax = segmentBytes
    settings.bytesMax = bytesMax
    settings.fsync = fsync
    return try DiskQueue(settings, .requests, capacity: capacity, clock: ManualClock(), calls: calls)
  }

  /// Names of the segments, in order.
  var segments: [String] { names.filter { $0.hasSuffix(".segment") } }

  var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

  func read(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }

  func write(_ name: String, _ data: Data) throws { try data.write(to: URL(fileURLWithPath: "\(path)/\(name)")) }

  /// What a crash of the process would leave: a copy of all files as they are now.
  func copy() throws -> QueueFiles {
    let other = try QueueFiles()
    try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: false)
    for name in names { try other.write(name, try read(name)) }
    return other
  }
}

/// A disk that fails when it is told to.
final class FaultyDisk: Sendable {
  struct Faults {
    /// Bytes that can still be written; nil for all.
    var room: Int?
    var writeError = ENOSPC
    var truncates = true
    var synchronizes = true
  }

  let faults = Mutex(Faults())

  func set(_ change: @Sendable (inout Faults) -> Void) { faults.withLock { change(&$0) } }

  var calls: DiskCalls {
    var calls = DiskCalls()
    calls.write = { [self] descriptor, parts, count in
      let room = faults.withLock { $0.room }
      guard let room else { return writev(descriptor, parts, Int32(count)) }
      let all = (0..<count).flatMap { index in
        [UInt8](UnsafeRawBufferPointer(start: parts[index].iov_base, count: parts[index].iov_len))
      }
      let written = min(room, all.count)
      if written == 0 {
        errno = faults.withLock { $0.writeError }
        return -1
      }
      faults.withLock { $0.room = room - written }
      return Glibc.write(descriptor, all, written)
    }
    calls.truncate = { [self] descriptor, count in
      faults.withLock { $0.truncates } ? ftruncate(descriptor, off_t(count)) : -1
    }
    calls.synchronize = { [self] descriptor in
      if faults.withLock({ $0.synchronizes }) { return fdatasync(descriptor) }
      errno = EIO
      return -1
    }
    return calls
  }
}
