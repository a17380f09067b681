// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Plaintext that waits to be encrypted, with the promises of those who wrote it.
struct PendingWrites {
  private var entries = CircularBuffer<(bytes: ByteBuffer, promise: EventLoopPromise<Void>?)>()
  /// Of the entries, those that may go.
  private var flushedCount = 0

  var hasFlushed: Bool { flushedCount > 0 }

  mutating func append(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
    entries.append((bytes, promise))
  }

  mutating func flush() {
    flushedCount = entries.count
  }

  /// Takes what fits into one record out of the flushed entries: a piece of a long one, or several short ones together.
  ///
  /// - Parameter completed: the promises of the entries that are wholly taken are added to it.
  mutating func takeRecord(byteCountMax: Int, completing completed: inout [EventLoopPromise<Void>]) -> ByteBuffer? {
    guard flushedCount > 0 else { return nil }
    guard var record = takePiece(byteCountMax, &completed) else { return ByteBuffer() }
    // Copied together: one record costs 22 bytes and a call, each.
    while record.readableBytes < byteCountMax, flushedCount > 0 {
      guard var piece = takePiece(byteCountMax - record.readableBytes, &completed) else { continue }
      record.writeBuffer(&piece)
    }
    return record
  }

  private mutating func takePiece(_ byteCountMax: Int, _ completed: inout [EventLoopPromise<Void>]) -> ByteBuffer? {
    let piece = entries[entries.startIndex].bytes.readSlice(
      length: min(byteCountMax, entries[entries.startIndex].bytes.readableBytes))
    if entries[entries.startIndex].bytes.readableBytes == 0 {
      if let promise = entries.removeFirst().promise { completed.append(promise) }
      flushedCount -= 1
    }
    return piece
  }

  /// Empties it. The promises are the caller's to fail, once it no longer holds this: who is told may write again.
  mutating func takeAll() -> [EventLoopPromise<Void>] {
    defer { self = PendingWrites() }
    return entries.compactMap(\.promise)
  }
}
