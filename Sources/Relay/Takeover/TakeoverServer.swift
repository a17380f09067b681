// SPDX-License-Identifier: Apache-2.0

internal import CRelay
internal import Glibc
internal import Logging
internal import SwerveABI

/// What a relay does about its succession.
protocol Succeeded: AnyObject {
  /// Whether it can be succeeded now.
  var isInCharge: Bool { get }
  /// Lock, listeners and predecessors; the descriptors stay open here.
  func offer() -> [HandoverItem]
  /// Stops the heartbeat and accepting, and keeps all descriptors.
  func giveUpCharge()
  /// The successor has not made it.
  func resumeCharge()
  /// The successor is in charge and waits for sockets on the channel.
  func wasSucceeded(_ channel: HandoverChannel)
  /// The successor ended before everything was handed over.
  func lostSuccessor()
}

/// A predecessor's side of a takeover: a Unix socket in the state directory, and one successor at a time. Used on the
/// loop's thread only.
final class TakeoverServer {
  /// Where the present successor is.
  private enum Progress {
    case none
    case asking
    case offered
    case charged
    case running
  }

  private let path: String
  private let maps: UInt64
  private let loop: EventLoop
  private let logger: Logger
  private weak var relay: (any Succeeded)?
  private var listener: Int32 = -1
  private var channel: HandoverChannel?
  private var progress = Progress.none
  private var patience: EventLoop.Timer?

  /// - Parameter maps: inode of the pin by which a successor shows that it is on the same maps.
  init(stateDirectory: String, maps: UInt64, relay: any Succeeded, loop: EventLoop, logger: Logger) {
    path = HandoverSocket.path(in: stateDirectory)
    self.maps = maps
    self.relay = relay
    self.loop = loop
    self.logger = logger
  }

  deinit {
    if listener >= 0 { Glibc.close(listener) }
  }

  /// Listens from here on, in the place of any relay before.
  func listen() throws(RelayError) {
    let own = "\(path).\(getpid())"
    unlink(own)
    listener = relay_listen_at(own)
    guard listener >= 0 else { throw RelayError("listen at \(own)", errno: errno) }
    guard rename(own, path) == 0 else { throw RelayError("move \(own) to \(path)", errno: errno) }
    try loop.add(listener, .read) { [weak self] _ in self?.accept() }
  }

  /// No successor is heard any more.
  ///
  /// - Parameter unlinking: false when the path is a successor's by now.
  func close(unlinking: Bool) {
    guard listener >= 0 else { return }
    loop.remove(listener)
    Glibc.close(listener)
    listener = -1
    if unlinking { unlink(path) }
  }

  private func accept() {
    let raw = Glibc.accept(listener, nil, nil)
    guard raw >= 0 else { return }
    _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
    _ = fcntl(raw, F_SETFL, O_NONBLOCK)
    let socket = HandoverSocket(owning: raw)
    let refusal: HandoverRecord.Refusal? =
      !socket.isOurs ? .user : progress != .none || relay?.isInCharge != true ? .busy : nil
    if let refusal {
      _ = try? socket.send([HandoverItem(.refused(refusal))])
      // Closing before its first word is read would make the answer a reset (unix(7)).
      loop.schedule(after: .seconds(1)) { _ = socket.receive() }
      return
    }
    do {
      channel = try HandoverChannel(socket, loop) { [unowned self] items in
        if let items { items.forEach(hear) } else { ended() }
      }
      advance(to: .asking)
    } catch {
      logger.error("A successor cannot be heard", metadata: ["error": "\(error)"])
    }
  }

  /// A successor that does not go on is given up, as long as nothing depends on it.
  private func advance(to next: Progress) {
    progress = next
    patience?.cancel()
    patience = nil
    guard next == .asking || next == .offered else { return }
    patience = loop.schedule(after: .seconds(10)) { [weak self] in self?.refuse(.busy) }
  }

  private func hear(_ item: HandoverItem) {
    switch (progress, item.record) {
    case (.asking, .hello(let abi, let maps)):
      guard abi == UInt32(SWERVE_ABI_VERSION) else { return refuse(.version) }
      guard maps == self.maps else { return refuse(.maps) }
      channel?.send((relay?.offer() ?? []) + [HandoverItem(.offered)])
      advance(to: .offered)
    case (.offered, .take):
      guard let relay, relay.isInCharge else { return refuse(.busy) }
      relay.giveUpCharge()
      advance(to: .charged)
      channel?.send([HandoverItem(.charge)])
    case (.charged, .running):
      advance(to: .running)
      close(unlinking: false)
      if let channel { relay?.wasSucceeded(channel) }
    default:
      if item.descriptor >= 0 { Glibc.close(item.descriptor) }
      refuse(.version)
    }
  }

  private func refuse(_ reason: HandoverRecord.Refusal) {
    logger.warning("Not succeeded", metadata: ["reason": "\(reason.meaning)"])
    channel?.send([HandoverItem(.refused(reason))])
    channel?.close()
    ended()
  }

  private func ended() {
    let before = progress
    channel = nil
    advance(to: .none)
    switch before {
    case .none, .asking, .offered: return
    case .charged: relay?.resumeCharge()
    case .running: relay?.lostSuccessor()
    }
  }
}
