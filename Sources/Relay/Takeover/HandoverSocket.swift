// SPDX-License-Identifier: Apache-2.0

internal import CRelay
internal import Glibc

/// One end of the Unix socket between a relay and its successor. Closed with the value.
final class HandoverSocket {
  let raw: Int32

  /// What reading came to.
  enum Received: Equatable {
    case items([HandoverItem])
    /// Nothing is there now.
    case nothing
    /// The other end has gone, or says what is not understood.
    case ended
  }

  init(owning raw: Int32) {
    self.raw = raw
  }

  deinit { close(raw) }

  static func path(in stateDirectory: String) -> String { "\(stateDirectory)/relay.sock" }

  /// Connects to the relay of a state directory; nil when none listens there.
  static func connect(in stateDirectory: String) throws(RelayError) -> HandoverSocket? {
    let raw = relay_connect_to(path(in: stateDirectory))
    if raw >= 0 { return HandoverSocket(owning: raw) }
    guard errno == ENOENT || errno == ECONNREFUSED else {
      throw RelayError("connect to \(path(in: stateDirectory))", errno: errno)
    }
    return nil
  }

  /// Sends up to `batch` items as one message; whether the socket had room. The descriptors stay open here.
  func send(_ items: ArraySlice<HandoverItem>) throws(RelayError) -> Bool {
    var bytes: [UInt8] = []
    for item in items { item.record.encode(into: &bytes) }
    let descriptors = items.filter { $0.record.hasDescriptor }.map(\.descriptor)
    let sent = relay_send_descriptors(raw, bytes, bytes.count, descriptors, Int32(descriptors.count))
    if sent >= 0 { return true }
    // Too many descriptors are under way (ETOOMANYREFS in unix(7)): the receiver has to take some first.
    if errno == EAGAIN || errno == ETOOMANYREFS { return false }
    throw RelayError("write to the other relay", errno: errno)
  }

  /// Items in one message.
  static let batch = Int(RELAY_DESCRIPTORS_MAX)

  /// Reads one message. The receiver owns its descriptors.
  func receive() -> Received {
    var bytes = [UInt8](repeating: 0, count: HandoverRecord.size * HandoverSocket.batch)
    var descriptors = [Int32](repeating: -1, count: HandoverSocket.batch)
    var count: Int32 = 0
    let size = relay_receive_descriptors(raw, &bytes, bytes.count, &descriptors, &count)
    if size < 0 && (errno == EAGAIN || errno == EINTR) { return .nothing }
    guard size > 0 else { return .ended }
    var rest = descriptors.prefix(Int(count))
    var items: [HandoverItem] = []
    for start in stride(from: 0, to: size, by: HandoverRecord.size) {
      let record = bytes.withUnsafeBytes { HandoverRecord(.init(rebasing: $0[start..<size])) }
      guard let record, let descriptor = record.hasDescriptor ? rest.popFirst() : -1 else {
        for item in items where item.descriptor >= 0 { close(item.descriptor) }
        for descriptor in rest { close(descriptor) }
        return .ended
      }
      items.append(HandoverItem(record, descriptor))
    }
    for descriptor in rest { close(descriptor) }
    return .items(items)
  }

  /// Waits for the other end, so long at most; whether there is something to read.
  func wait(milliseconds: Int32) -> Bool {
    var event = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
    return poll(&event, 1, milliseconds) > 0
  }

  /// Whether the other end is of our user.
  var isOurs: Bool {
    var user: uid_t = 0
    var process: pid_t = 0
    return relay_peer(raw, &user, &process) == 0 && user == geteuid()
  }

  /// Process at the other end; for a socket that was connected by path the one that listened.
  var peer: Int32 {
    var user: uid_t = 0
    var process: pid_t = 0
    return relay_peer(raw, &user, &process) == 0 ? process : 0
  }
}
