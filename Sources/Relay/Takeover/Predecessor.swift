// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SwerveABI

/// A successor's side of a takeover, up to the point where it is in charge. It waits for every answer: nothing else is
/// there to do.
struct Predecessor {
  /// What it gives away first.
  struct Offer {
    var lock: Int32 = -1
    var listeners: [NamespaceListener] = []
    /// Channels to relays before it that have not ended.
    var predecessors: [Int32] = []

    func close() {
      if lock >= 0 { Glibc.close(lock) }
      for listener in listeners { listener.close() }
      for channel in predecessors { Glibc.close(channel) }
    }
  }

  let socket: HandoverSocket
  let offer: Offer

  private static let timeoutMilliseconds: Int32 = 5000

  /// Asks the relay of the state directory to be succeeded. Nil when there is none. Throws when it refuses.
  static func ask(in stateDirectory: String, maps: UInt64) throws(RelayError) -> Predecessor? {
    guard let socket = try HandoverSocket.connect(in: stateDirectory) else { return nil }
    guard socket.isOurs else { throw refusal(.user) }
    try say(.hello(abi: UInt32(SWERVE_ABI_VERSION), maps: maps), socket)
    var items: [HandoverItem] = []
    while items.last?.record != .offered {
      switch try next(socket) {
      case .items(let more):
        items += more
        if case .refused(let reason) = more.first?.record { throw refusal(reason) }
      case .ended:
        Offer(items).close()
        // It was about to end when it was asked.
        return nil
      case .nothing:
        Offer(items).close()
        throw RelayError("take over from the running relay: it does not answer; see its log")
      }
    }
    let offer = Offer(items)
    guard offer.lock >= 0, !offer.listeners.isEmpty else {
      offer.close()
      throw RelayError("take over from the running relay: it offers no listener")
    }
    return Predecessor(socket: socket, offer: offer)
  }

  /// Takes charge: from here on nobody else writes the heartbeat.
  func take() throws(RelayError) {
    try Predecessor.say(.take, socket)
    guard case .items(let items) = try Predecessor.next(socket), items.first?.record == .charge else {
      throw RelayError("take over from the running relay: it has not given up its charge")
    }
  }

  /// Says that the heartbeat is written. What is left comes by and by.
  func confirm() throws(RelayError) {
    try Predecessor.say(.running, socket)
  }

  private static func refusal(_ reason: HandoverRecord.Refusal) -> RelayError {
    RelayError("take over from the running relay: \(reason.meaning)")
  }

  private static func say(_ record: HandoverRecord, _ socket: HandoverSocket) throws(RelayError) {
    guard try socket.send([HandoverItem(record)]) else { throw RelayError("write to the running relay", errno: EAGAIN) }
  }

  private static func next(_ socket: HandoverSocket) throws(RelayError) -> HandoverSocket.Received {
    // A signal cuts the wait short; whoever sent it wants this process to end.
    socket.wait(milliseconds: timeoutMilliseconds) ? socket.receive() : .nothing
  }
}

extension Predecessor.Offer {
  init(_ items: [HandoverItem]) {
    var ipv4: Int32 = -1
    for item in items {
      switch item.record {
      case .lock: lock = item.descriptor
      case .predecessor: predecessors.append(item.descriptor)
      case .listener(let isIPv6):
        if !isIPv6 {
          if ipv4 >= 0 { listeners.append(NamespaceListener(ipv4: ipv4, ipv6: -1)) }
          ipv4 = item.descriptor
        } else {
          listeners.append(NamespaceListener(ipv4: ipv4, ipv6: item.descriptor))
          ipv4 = -1
        }
      default:
        if item.descriptor >= 0 { Glibc.close(item.descriptor) }
      }
    }
    if ipv4 >= 0 { listeners.append(NamespaceListener(ipv4: ipv4, ipv6: -1)) }
  }
}
