// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The directory of a queue, held by one process at a time. Files with other names are left alone.
final class QueueDirectory: Sendable {
  let path: String
  private let lock: OpenFile

  /// Makes the directory, and the one that holds it, where there are none.
  init(_ path: String) throws(TelemetryError) {
    self.path = path
    do throws(SystemError) {
      // `file_storage.directory`, which all queues of the process share.
      let parent = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      for directory in [parent, path] where !directory.isEmpty {
        if mkdir(directory, 0o700) != 0 && errno != EEXIST { throw SystemError("mkdir \(directory)") }
      }
      lock = try OpenFile("\(path)/lock", O_RDWR | O_CREAT)
    } catch {
      throw TelemetryError(
        "sending_queue.storage: \(error.description); give a directory on a disk that this process may write to")
    }
    guard Self.take(lock.descriptor) else {
      throw TelemetryError(
        "sending_queue.storage: \(path) is used by another queue or process; give each exporter a directory of its own")
    }
  }

  /// How long another holder is waited for, in milliseconds, and how often it is looked at again.
  private static let lockWaitMilliseconds: UInt32 = 1_000
  private static let lockRetryMilliseconds: UInt32 = 5

  /// A process that was killed while it started a program leaves its lock to the child, which lets go when it calls
  /// exec, some milliseconds later: only a lock that stays is another queue's.
  private static func take(_ descriptor: Int32) -> Bool {
    for _ in 0..<lockWaitMilliseconds / lockRetryMilliseconds {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(lockRetryMilliseconds * 1_000)
    }
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0
  }

  /// Closing alone would leave the lock to a child that was forked and has not yet called exec.
  deinit { flock(lock.descriptor, LOCK_UN) }

  /// First sequence numbers of the segments there are, ascending.
  func segments() -> [UInt64] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var found: [UInt64] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if let first = Segment.first(ofName: name) { found.append(first) }
    }
    return found.sorted()
  }

  /// Makes sure that a file that was created is found after a power failure.
  func synchronize() throws(SystemError) {
    let directory = try OpenFile(path, O_RDONLY | O_DIRECTORY)
    if fsync(directory.descriptor) != 0 { throw SystemError("fsync \(path)") }
  }
}
