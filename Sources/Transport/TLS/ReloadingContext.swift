// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A context that is built from files, and built anew when they have changed.
final class ReloadingContext: Sendable {
  private let files: [String]
  private let build: @Sendable () throws(TransportError) -> OpenSSLContext
  private let context: Mutex<OpenSSLContext>
  /// How the files looked before those in force were read. Held while reading, so that reloads come one after another;
  /// connections begin meanwhile.
  private let stamps: Mutex<[FileStamp?]>

  init(
    files: [String], build: @escaping @Sendable () throws(TransportError) -> OpenSSLContext
  ) throws(TransportError) {
    self.files = files
    self.build = build
    // Before reading: a file that changes in between is read once more, and not missed.
    stamps = Mutex(files.map(FileStamp.init))
    context = Mutex(try build())
  }

  var current: OpenSSLContext { context.withLock { $0 } }

  func reloadIfChanged() throws(TransportError) -> Bool {
    try stamps.withLock { stamps throws(TransportError) in
      let now = files.map(FileStamp.init)
      guard now != stamps else { return false }
      let new = try build()
      context.withLock { $0 = new }
      stamps = now
      return true
    }
  }
}

/// What changes when a file is written or replaced, or when a symbolic link on the way to it is: Kubernetes swaps one
/// to update a volume's files together.
package struct FileStamp: Equatable {
  private let device: UInt64
  private let inode: UInt64
  private let byteCount: Int
  private let modifiedSeconds: Int
  private let modifiedNanoseconds: Int

  /// Nil when there is no such file.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    byteCount = Int(status.st_size)
    modifiedSeconds = status.st_mtim.tv_sec
    modifiedNanoseconds = status.st_mtim.tv_nsec
  }
}
