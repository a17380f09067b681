// SPDX-License-Identifier: Apache-2.0

/// What a relay and its successor say to each other, record by record. Some go with a descriptor.
///
///     successor                          predecessor
///     hello                 ->
///                           <-           lock, listener..., predecessor..., offered    (or refused)
///     take                  ->                     stops its heartbeat and its listeners
///                           <-           charge
///     running               ->                     lets go of its listeners
///                           <-           pool..., accepted..., settled, accepted..., done
///
/// Whatever ends before `running` leaves the predecessor in charge.
enum HandoverRecord: Sendable, Equatable {
  /// The successor's first word: the ABI of its maps and the inode of their pin.
  case hello(abi: UInt32, maps: UInt64)
  case refused(Refusal)
  /// With the lock, which is held by whoever has a copy of it.
  case lock
  /// With a listener; both of a namespace follow each other.
  case listener(isIPv6: Bool)
  /// With the channel to a predecessor of the predecessor, which still has exchanges to end.
  case predecessor
  case offered
  case take
  case charge
  case running
  /// With a client's socket.
  case accepted(bytesRead: UInt64)
  /// With a connection of the pool.
  case pool(slot: UInt32)
  /// What was idle has been sent.
  case settled
  /// Nothing is left; the predecessor ends.
  case done

  enum Refusal: UInt32, Sendable {
    /// Of another protocol or ABI version.
    case version = 1
    /// On other maps.
    case maps = 2
    /// Stopping, or being succeeded by another one.
    case busy = 3
    /// Of another user.
    case user = 4

    var meaning: String {
      switch self {
      case .version: "it is of another version"
      case .maps: "it serves another dataplane; choose another --state-dir"
      case .busy: "it is stopping, or another one is taking over from it"
      case .user: "it runs as another user"
      }
    }
  }

  /// Raised when the meaning of any record changes.
  private static let version: UInt32 = 1
  static let size = 16

  /// Number, small value, large value.
  private var fields: (kind: UInt32, small: UInt32, large: UInt64) {
    switch self {
    case .hello(let abi, let maps): (Self.version << 16 | 1, abi, maps)
    case .refused(let reason): (2, reason.rawValue, 0)
    case .lock: (3, 0, 0)
    case .listener(let isIPv6): (4, isIPv6 ? 1 : 0, 0)
    case .predecessor: (5, 0, 0)
    case .offered: (6, 0, 0)
    case .take: (7, 0, 0)
    case .charge: (8, 0, 0)
    case .running: (9, 0, 0)
    case .accepted(let bytesRead): (10, 0, bytesRead)
    case .pool(let slot): (11, slot, 0)
    case .settled: (12, 0, 0)
    case .done: (13, 0, 0)
    }
  }

  /// Whether a descriptor goes with it.
  var hasDescriptor: Bool {
    switch self {
    case .lock, .listener, .predecessor, .accepted, .pool: true
    default: false
    }
  }

  func encode(into bytes: inout [UInt8]) {
    let (kind, small, large) = fields
    withUnsafeBytes(of: kind) { bytes += $0 }
    withUnsafeBytes(of: small) { bytes += $0 }
    withUnsafeBytes(of: large) { bytes += $0 }
  }

  /// Nil for what this version does not know.
  init?(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count >= Self.size else { return nil }
    let small = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
    let large = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    switch bytes.loadUnaligned(as: UInt32.self) {
    case Self.version << 16 | 1: self = .hello(abi: small, maps: large)
    case 2: self = .refused(Refusal(rawValue: small) ?? .version)
    case 3: self = .lock
    case 4: self = .listener(isIPv6: small != 0)
    case 5: self = .predecessor
    case 6: self = .offered
    case 7: self = .take
    case 8: self = .charge
    case 9: self = .running
    case 10: self = .accepted(bytesRead: large)
    case 11: self = .pool(slot: small)
    case 12: self = .settled
    case 13: self = .done
    default: return nil
    }
  }
}

/// A record with the descriptor that goes with it.
struct HandoverItem: Sendable, Equatable {
  var record: HandoverRecord
  /// -1 for none.
  var descriptor: Int32 = -1

  init(_ record: HandoverRecord, _ descriptor: Int32 = -1) {
    self.record = record
    self.descriptor = descriptor
  }
}
