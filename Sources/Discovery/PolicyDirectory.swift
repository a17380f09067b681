// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Synchronization

/// A directory of policy files, followed as it changes.
///
/// Reads `*.yaml`, `*.yml` and `*.json` at any depth. A file is read when it is complete, a bad one leaves its last
/// good version in force, and a swapped ConfigMap mount counts as a change of its files.
public final class PolicyDirectory: Sendable {
  private let tree: FileTree
  private let allowUnsupported: Bool
  private let zone: String?
  private let makeEvents: @Sendable () throws -> any EventSource
  private let controls = Mutex<[LoopControl]>([])

  /// - Parameters:
  ///   - path: need not exist yet: it is reported as rejected until it does.
  ///   - allowUnsupported: see `PolicyParser.parse`.
  ///   - zone: of this node, for locality load balancing; nil when it is not known.
  public convenience init(path: String, allowUnsupported: Bool = false, zone: String? = nil) {
    self.init(path: path, allowUnsupported: allowUnsupported, zone: zone) { try Inotify() }
  }

  init(
    path: String, allowUnsupported: Bool, zone: String? = nil,
    makeEvents: @escaping @Sendable () throws -> any EventSource
  ) {
    tree = FileTree(root: path)
    self.allowUnsupported = allowUnsupported
    self.zone = zone
    self.makeEvents = makeEvents
  }

  /// Starts following. The first update has the whole policy; each later one what changed, merged when the reader is
  /// slow. Ends when the reading task is cancelled or `stop` is called. For one reader at a time.
  ///
  /// - Throws: when the kernel gives no inotify instance or no thread.
  public func updates() throws -> AsyncStream<DirectoryUpdate> {
    let control = try LoopControl()
    let mailbox = UpdateMailbox()
    let events = try makeEvents()
    var loop = WatchLoop(
      tree: tree, allowUnsupported: allowUnsupported, zone: zone, events: events, control: control, emit: mailbox.put)
    try WatchThread.start {
      loop.run()
      mailbox.close()
    }
    controls.withLock { controls in
      controls.removeAll(where: \.isStopped)
      controls.append(control)
    }
    return AsyncStream {
      await mailbox.take()
    } onCancel: {
      control.stop()
      mailbox.close()
    }
  }

  /// Lists and reads the directory again, whatever inotify said, and emits an update even if nothing changed.
  public func reload() {
    controls.withLock { for control in $0 { control.reload() } }
  }

  /// Ends every stream of updates.
  public func stop() {
    controls.withLock { controls in
      for control in controls { control.stop() }
      controls = []
    }
  }
}

/// A thread of its own: waiting in `poll` would block one of the few that Swift tasks share.
private enum WatchThread {
  private final class Body {
    let run: () -> Void
    init(_ run: @escaping () -> Void) { self.run = run }
  }

  static func start(_ run: sending @escaping () -> Void) throws {
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw FileError("pthread_create", errno: code)
    }
    pthread_detach(thread)
  }
}
