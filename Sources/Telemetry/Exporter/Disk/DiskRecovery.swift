// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What opening a queue on disk found.
public struct DiskRecovery: Hashable, Sendable {
  /// Requests that will be sent, some of them perhaps for the second time.
  public var requests: Int
  public var items: Int
  /// Requests that were there and cannot be read; at least so many, for a torn file does not say.
  public var lostRequests: Int
  /// Bytes that belong to no readable request.
  public var lostBytes: Int

  public init(requests: Int = 0, items: Int = 0, lostRequests: Int = 0, lostBytes: Int = 0) {
    self.requests = requests
    self.items = items
    self.lostRequests = lostRequests
    self.lostBytes = lostBytes
  }
}

/// Reads segments after a start. A record whose bytes have changed is passed over; where even its header cannot be
/// believed, the rest of the segment is given up.
struct SegmentReading {
  private(set) var recovery = DiskRecovery()
  /// Keys and sizes of the requests that are to be sent, in order.
  private(set) var pending: [(request: PendingRequest, key: BatchKey)] = []
  /// Everything below is acknowledged.
  let position: UInt64
  private let now: Duration
  private let calls: DiskCalls

  init(position: UInt64, now: Duration, calls: DiskCalls) {
    self.position = position
    self.now = now
    self.calls = calls
  }

  /// - Parameter end: records from this number on belong to the next segment; nil for the last.
  mutating func read(_ first: UInt64, before end: UInt64?, in directory: String) throws(SystemError) -> Segment {
    var segment = Segment(first: first, in: directory)
    let file = try OpenFile(segment.path, O_RDWR)
    let byteCount = file.byteCount()
    var offset = 0
    var expected = first
    while let header = header(file, offset, byteCount, expected, end) {
      let record = file.read(at: offset, byteCount: header.recordBytes)
      if header.isIntact(record) {
        add(header, record, offset, to: &segment)
      } else {
        recovery.lostRequests += 1
        recovery.lostBytes += header.recordBytes
      }
      offset += header.recordBytes
      expected += 1
    }
    if offset < byteCount {
      recovery.lostBytes += byteCount - offset
      recovery.lostRequests += end.map { Int(clamping: $0 - min(expected, $0)) } ?? 1
      // So that the next start does not count it again.
      _ = calls.truncate(file.descriptor, offset)
    }
    segment.byteCount = offset
    return segment
  }

  /// Nil at the end, or when what is there is not the header of the record that should come.
  private func header(
    _ file: OpenFile, _ offset: Int, _ byteCount: Int, _ expected: UInt64, _ end: UInt64?
  ) -> DiskRecordHeader? {
    guard offset + DiskRecordHeader.byteCount <= byteCount,
      let header = DiskRecordHeader(file.read(at: offset, byteCount: DiskRecordHeader.byteCount)),
      header.sequence == expected, header.recordBytes <= byteCount - offset
    else { return nil }
    return end.map { expected < $0 } ?? true ? header : nil
  }

  private mutating func add(_ header: DiskRecordHeader, _ record: [UInt8], _ offset: Int, to segment: inout Segment) {
    let isAcknowledged = header.sequence < position
    segment.append(
      Segment.Record(
        sequence: header.sequence, offset: offset, byteCount: header.recordBytes, isAcknowledged: isAcknowledged))
    if isAcknowledged { return }
    recovery.requests += 1
    recovery.items += header.itemCount
    pending.append(
      (
        PendingRequest(
          id: header.sequence, itemCount: header.itemCount, byteCount: header.payloadBytes, since: now),
        BatchKey(signal: header.signal, tenant: header.tenant(record))
      ))
  }
}
