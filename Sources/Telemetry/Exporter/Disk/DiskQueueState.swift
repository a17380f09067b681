// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore

/// A queue's files and what is known of them. Not for two threads at once.
struct DiskQueueState {
  var space: QueueSpace
  var pending = PendingRequests()
  let settings: DiskQueueSettings
  private let directory: QueueDirectory
  private let calls: DiskCalls
  private var position: PositionFile
  /// Ascending; the last one may be the one that is written.
  private var segments: [Segment] = []
  /// Nil: the next request begins a segment.
  private var writing: OpenFile?
  /// The segment that was read last.
  private var reading: (first: UInt64, file: OpenFile)?
  private var nextSequence: UInt64 = 1
  private(set) var diskBytes = 0
  private var reservedDiskBytes = 0

  /// Positions are written after so many acknowledgements, or when nothing is left.
  private static let positionInterval: UInt64 = 64

  init(
    _ settings: DiskQueueSettings, _ space: QueueSpace, now: Duration, calls: DiskCalls, _ recovery: inout DiskRecovery
  ) throws(TelemetryError) {
    self.settings = settings
    self.space = space
    self.calls = calls
    directory = try QueueDirectory(settings.directory)
    do throws(SystemError) {
      position = try PositionFile(in: settings.directory)
      recovery = try recover(now)
    } catch {
      throw TelemetryError("sending_queue.storage: \(error.description); check the disk and its permissions")
    }
  }

  private mutating func recover(_ now: Duration) throws(SystemError) -> DiskRecovery {
    let firsts = directory.segments()
    var reading = SegmentReading(position: position.position, now: now, calls: calls)
    for (index, first) in firsts.enumerated() {
      let end = index + 1 < firsts.count ? firsts[index + 1] : nil
      let segment = try reading.read(first, before: end, in: settings.directory)
      diskBytes += segment.byteCount
      segments.append(segment)
      // Numbers that were acknowledged once are never given again: they would be taken for acknowledged.
      nextSequence = max(nextSequence, (segment.records.last?.sequence).map { $0 + 1 } ?? first)
    }
    nextSequence = max(nextSequence, position.position)
    for (request, key) in reading.pending {
      pending.append(request, key)
      space.recover(request)
    }
    removeAcknowledgedSegments()
    return reading.recovery
  }
}

// MARK: Room

extension DiskQueueState {
  mutating func reserve(_ request: EncodedRequest) throws(Refusal) {
    let byteCount = try DiskRecordHeader(request, sequence: 0).recordBytes
    if byteCount > settings.bytesMax {
      throw Refusal(.tooLarge, "\(byteCount) bytes; the exporter's queue on disk holds at most \(settings.bytesMax)")
    }
    // The segment that is being written may hold nothing that is still needed.
    if byteCount > settings.bytesMax - diskBytes - reservedDiskBytes { endSegment() }
    if byteCount > settings.bytesMax - diskBytes - reservedDiskBytes {
      throw space.full("the exporter's queue is full")
    }
    try space.reserve(request)
    reservedDiskBytes += byteCount
  }

  mutating func cancel(_ request: EncodedRequest) {
    space.cancel(request)
    releaseReservation(request)
  }

  private mutating func releaseReservation(_ request: EncodedRequest) {
    reservedDiskBytes -= (try? DiskRecordHeader(request, sequence: 0).recordBytes) ?? 0
  }

  private mutating func endSegment() {
    if segments.last?.isAcknowledged == true {
      writing = nil
      removeAcknowledgedSegments()
    }
  }
}

// MARK: Writing

extension DiskQueueState {
  mutating func commit(_ request: EncodedRequest, now: Duration) throws(Refusal) {
    releaseReservation(request)
    do throws(SystemError) {
      let record = try write(request)
      segments[segments.count - 1].append(record)
      segments[segments.count - 1].byteCount += record.byteCount
      diskBytes += record.byteCount
    } catch {
      space.storageFailed(request)
      throw Refusal(.unavailable, "the exporter's queue cannot be written: \(error.description)")
    }
    space.commit(request)
    pending.append(
      PendingRequest(
        id: nextSequence, itemCount: request.itemCount, byteCount: request.protobuf.readableBytes, since: now),
      BatchKey(signal: request.signal, tenant: request.tenant))
    nextSequence += 1
  }

  private mutating func write(_ request: EncodedRequest) throws(SystemError) -> Segment.Record {
    let header: DiskRecordHeader
    do { header = try DiskRecordHeader(request, sequence: nextSequence) } catch {
      throw SystemError("record", number: EFBIG)
    }
    let file = try file(for: header.recordBytes)
    let offset = segments[segments.count - 1].byteCount
    do throws(SystemError) {
      try append(header.encoded(request), request.protobuf, to: file)
      if settings.fsync && calls.synchronize(file.descriptor) != 0 { throw SystemError("fdatasync") }
    } catch {
      takeBack(file, to: offset)
      throw error
    }
    return Segment.Record(sequence: nextSequence, offset: offset, byteCount: header.recordBytes)
  }

  /// The segment that has room, or a new one.
  private mutating func file(for byteCount: Int) throws(SystemError) -> OpenFile {
    if let writing, let last = segments.last,
      last.byteCount == 0 || last.byteCount + byteCount <= settings.segmentBytesMax
    {
      return writing
    }
    writing = nil
    removeAcknowledgedSegments()
    let segment = Segment(first: nextSequence, in: settings.directory)
    let file = try OpenFile(segment.path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND)
    if settings.fsync { try directory.synchronize() }
    segments.append(segment)
    writing = file
    return file
  }

  private func append(_ head: ByteBuffer, _ payload: ByteBuffer, to file: OpenFile) throws(SystemError) {
    var rest = head.readableBytes + payload.readableBytes
    var head = head
    var payload = payload
    while rest > 0 {
      let count = writeOnce(head, payload, file)
      if count < 0 && errno == EINTR { continue }
      if count <= 0 { throw SystemError("write", number: count == 0 ? ENOSPC : errno) }
      // A disk that is nearly full takes a part; the next attempt says why.
      let ofHead = min(count, head.readableBytes)
      head.moveReaderIndex(forwardBy: ofHead)
      payload.moveReaderIndex(forwardBy: count - ofHead)
      rest -= count
    }
  }

  private func writeOnce(_ head: ByteBuffer, _ payload: ByteBuffer, _ file: OpenFile) -> Int {
    head.withUnsafeReadableBytes { head in
      payload.withUnsafeReadableBytes { payload in
        let parts = [
          iovec(iov_base: UnsafeMutableRawPointer(mutating: head.baseAddress), iov_len: head.count),
          iovec(iov_base: UnsafeMutableRawPointer(mutating: payload.baseAddress), iov_len: payload.count),
        ]
        return calls.write(file.descriptor, parts, parts.count)
      }
    }
  }

  /// Nothing of a record that was refused may be found later.
  private mutating func takeBack(_ file: OpenFile, to offset: Int) {
    if calls.truncate(file.descriptor, offset) == 0 { return }
    // What cannot be taken back stays behind the segment's end, and its number is given to nobody else.
    writing = nil
    nextSequence += 1
    removeAcknowledgedSegments()
  }
}

// MARK: Reading

/// Where a request lies.
struct DiskLocation: Sendable {
  var sequence: UInt64
  var file: OpenFile
  var offset: Int
  var byteCount: Int

  /// Nil when the disk does not give back what was written.
  func read() -> EncodedRequest? {
    let record = file.read(at: offset, byteCount: byteCount)
    guard let header = DiskRecordHeader(Array(record.prefix(DiskRecordHeader.byteCount))),
      header.sequence == sequence, header.isIntact(record)
    else { return nil }
    return header.request(record)
  }
}

extension DiskQueueState {
  /// Nil when the file is gone.
  mutating func locate(_ sequence: UInt64) -> DiskLocation? {
    guard let index = segmentIndex(of: sequence), let record = segments[index].record(sequence),
      let file = file(of: segments[index])
    else { return nil }
    return DiskLocation(sequence: sequence, file: file, offset: record.offset, byteCount: record.byteCount)
  }

  private mutating func file(of segment: Segment) -> OpenFile? {
    if let writing, segment.first == segments.last?.first { return writing }
    if let reading, reading.first == segment.first { return reading.file }
    guard let file = try? OpenFile(segment.path, O_RDONLY) else { return nil }
    reading = (segment.first, file)
    return file
  }

  /// The last segment that begins at or before the number.
  private func segmentIndex(of sequence: UInt64) -> Int? {
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].first <= sequence { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? nil : low - 1
  }
}

// MARK: Acknowledging

extension DiskQueueState {
  /// - Parameter byteCount: of protobuf.
  mutating func acknowledge(_ sequence: UInt64, itemCount: Int, byteCount: Int) {
    guard let index = segmentIndex(of: sequence), segments[index].acknowledge(sequence) else { return }
    space.release(itemCount: itemCount, byteCount: byteCount)
    if segments[index].isAcknowledged { removeAcknowledgedSegments() }
    let position = acknowledgedBefore
    if position >= self.position.position + Self.positionInterval || position == nextSequence { writePosition() }
  }

  mutating func writePosition() {
    let position = acknowledgedBefore
    if position > self.position.position { self.position.write(position) }
  }

  /// Every number below is acknowledged.
  private var acknowledgedBefore: UInt64 {
    for segment in segments {
      if let sequence = segment.firstPending { return sequence }
    }
    return nextSequence
  }

  private mutating func removeAcknowledgedSegments() {
    let writingFirst = writing == nil ? nil : segments.last?.first
    guard segments.contains(where: { $0.isAcknowledged && $0.first != writingFirst }) else { return }
    segments.removeAll { segment in
      guard segment.isAcknowledged, segment.first != writingFirst else { return false }
      // One that cannot be deleted is found again at the next start, below the position.
      unlink(segment.path)
      diskBytes -= segment.byteCount
      if reading?.first == segment.first { reading = nil }
      return true
    }
  }
}
