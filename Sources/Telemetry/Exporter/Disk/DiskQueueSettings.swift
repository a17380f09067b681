// SPDX-License-Identifier: Apache-2.0

/// Where a queue on disk is, and within which bounds: the Collector's `file_storage` behind a `sending_queue`.
public struct DiskQueueSettings: Hashable, Sendable {
  /// Made when it is missing; its parent has to be there. For one exporter of one process.
  public var directory: String
  /// All files together.
  public var bytesMax = 1 << 30
  /// One file, unless a single request is larger. Room becomes free by whole files.
  public var segmentBytesMax = 4 << 20
  /// Whether every request is on the disk before its sender is told that it was taken. Without it a crash of the process
  /// loses nothing, a crash of the machine may lose the last seconds.
  public var fsync = false

  public init(directory: String) {
    self.directory = directory
  }
}
