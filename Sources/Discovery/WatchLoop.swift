// SPDX-License-Identifier: Apache-2.0

internal import CMalloc
internal import Glibc
internal import Policy

/// Follows one directory on a thread of its own: waits for events, gathers a burst, reads what is complete, emits.
struct WatchLoop {
  /// All in milliseconds.
  enum Delay {
    /// A burst is gathered this long after its first event.
    static let burst: Int32 = 2
    /// A moved-away file may come back this much later, which is how editors write.
    static let movedAway: Int64 = 200
    /// A file found by listing is read when it has not been written to for this long.
    static let settle: Int64 = 20
    /// How often the directory itself is looked at: when a link on the way to it is swapped, no event says so.
    static let rootCheck: Int64 = 500
    static let missingRootCheck: Int64 = 50
  }

  private let tree: FileTree
  private let allowUnsupported: Bool
  private let events: any EventSource
  private let control: LoopControl
  private let emit: (DirectoryUpdate) -> Void

  private var files: FileSet
  private var signatures: [String: FileSignature] = [:]
  /// Paths to look at again, with the time (CLOCK_MONOTONIC, milliseconds) when.
  private var deferred: [String: Int64] = [:]
  private var rootIdentity: FileIdentity?
  private var unreadable: RejectedFile?
  private var last: DirectoryUpdate?

  private struct FileIdentity: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  init(
    tree: FileTree, allowUnsupported: Bool, zone: String?, events: any EventSource, control: LoopControl,
    emit: @escaping (DirectoryUpdate) -> Void
  ) {
    self.tree = tree
    self.allowUnsupported = allowUnsupported
    files = FileSet(zone: zone)
    self.events = events
    self.control = control
    self.emit = emit
  }

  /// Until `control` says stop.
  mutating func run() {
    publish(rescan(isFirst: true), always: true)
    while !control.isStopped {
      var gathered = events.wait(wake: control.wake, timeoutMilliseconds: timeout())
      if control.isStopped { return }
      let reload = control.takeReload()
      if !gathered.isEmpty { gathered += gatherBurst() }
      let rootChanged = currentRoot() != rootIdentity
      if reload || rootChanged || gathered.contains(.rescan) {
        publish(rescan(isFirst: reload), always: reload)
      } else {
        publish(read(due(gathered)), always: false)
      }
    }
  }

  private func gatherBurst() -> [WatchEvent] {
    var more: [WatchEvent] = []
    let end = Self.now() + Int64(Delay.burst)
    while !control.isStopped {
      let left = end - Self.now()
      guard left > 0 else { break }
      // The wake-up is left for the main loop: -1 is a descriptor that poll ignores.
      more += events.wait(wake: -1, timeoutMilliseconds: Int32(left))
    }
    return more
  }

  private func timeout() -> Int32 {
    let rootCheck = unreadable == nil ? Delay.rootCheck : Delay.missingRootCheck
    let next = deferred.values.min().map { $0 - Self.now() } ?? rootCheck
    return Int32(clamping: max(0, min(next, rootCheck)))
  }

  // MARK: What to read

  /// The paths that are ready to be read, or gone.
  private mutating func due(_ gathered: [WatchEvent]) -> Set<String> {
    let now = Self.now()
    var due: Set<String> = []
    for event in gathered {
      switch event {
      case .written(let path):
        deferred[path] = nil
        due.insert(path)
      case .deleted(let path):
        // A name that is there again is being written anew.
        if tree.status(path) == nil { due.insert(path) } else { deferred[path] = now + Delay.settle }
      case .created(let path):
        if tree.isLink(path) { due.insert(path) }
      case .movedAway(let path):
        due.remove(path)
        deferred[path] = now + Delay.movedAway
      case .rescan: continue
      }
    }
    for (path, time) in deferred where time <= now {
      deferred[path] = isBeingWritten(path) ? now + Delay.settle : nil
      if deferred[path] == nil { due.insert(path) }
    }
    return due
  }

  /// Whether the file changed a moment ago, so that more may follow.
  private func isBeingWritten(_ path: String) -> Bool {
    guard let status = tree.status(path) else { return false }
    return FileSignature(status).age(at: Self.wallNanoseconds()) < Delay.settle
  }

  private mutating func rescan(isFirst: Bool) -> PolicyChange {
    let listing: FileTree.Listing
    do {
      try events.reset()
      rootIdentity = currentRoot()
      listing = try tree.list { directory in
        try events.watch(directory, absolutePath: tree.absolute(directory))
      }
    } catch {
      // Losing the directory is more likely a mishap than an intention: what is in force stays.
      let diagnostic = Diagnostic(
        severity: .error, location: SourceLocation(file: tree.root, line: 1, column: 1), field: "",
        message: "\(error)")
      unreadable = RejectedFile(path: tree.root, diagnostics: [diagnostic], hasLastGood: !files.paths.isEmpty)
      rootIdentity = nil
      return PolicyChange()
    }
    unreadable = nil
    let now = Self.now()
    let wallNanoseconds = Self.wallNanoseconds()
    var due: Set<String> = files.paths.subtracting(listing.files.keys)
    for (path, signature) in listing.files where signatures[path] != signature {
      if !isFirst, files.contains(path), signature.age(at: wallNanoseconds) < Delay.settle {
        deferred[path] = now + Delay.settle
      } else {
        due.insert(path)
      }
    }
    // What was moved away a moment ago is given its time to come back.
    for path in deferred.keys where listing.files[path] == nil { due.remove(path) }
    return read(due)
  }

  private mutating func read(_ paths: Set<String>) -> PolicyChange {
    if paths.isEmpty { return PolicyChange() }
    let sorted = paths.sorted()
    let readings = ParallelMap.map(sorted) { [tree, allowUnsupported] path in
      tree.parse(path, allowUnsupported: allowUnsupported)
    }
    var parsed: [ParsedFile] = []
    var vanished: [String] = []
    for (path, reading) in zip(sorted, readings) {
      switch reading {
      case .parsed(let file, let signature):
        signatures[path] = signature
        parsed.append(file)
      case .unsettled:
        deferred[path] = Self.now() + Delay.settle
      case .vanished:
        signatures[path] = nil
        vanished.append(path)
      }
    }
    defer {
      // Parsing a whole directory leaves as much freed memory as the policy takes; an idle daemon gives it back.
      if paths.count > 1 { malloc_trim(0) }
    }
    return files.apply(parsed, removing: vanished)
  }

  // MARK: Results

  private mutating func publish(_ change: PolicyChange, always: Bool) {
    let update = files.update(change, unreadable: unreadable)
    let isNews =
      !change.isEmpty || update.rejected != last?.rejected || update.warnings != last?.warnings
      || update.fileCount != last?.fileCount
    last = update
    last?.change = PolicyChange()
    if always || isNews { emit(update) }
  }

  private func currentRoot() -> FileIdentity? {
    tree.status("").map { FileIdentity(device: UInt64($0.st_dev), inode: UInt64($0.st_ino)) }
  }

  private static func now() -> Int64 { milliseconds(CLOCK_MONOTONIC) }

  private static func milliseconds(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static func wallNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
