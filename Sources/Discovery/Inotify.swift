// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Something happened below the policy directory.
enum WatchEvent: Equatable {
  /// A file is complete: closed after writing, or moved here.
  case written(path: String)
  /// A name appeared; its content may follow.
  case created(path: String)
  case deleted(path: String)
  /// A name was moved away; editors do that shortly before they write it anew.
  case movedAway(path: String)
  /// Directories or links to them changed, or events were lost: only listing everything tells.
  case rescan
}

/// Where events come from; tests have their own.
protocol EventSource {
  /// Also watches this directory; asking twice is harmless.
  func watch(_ directory: String, absolutePath: String) throws
  /// Forgets all watches.
  func reset() throws
  /// Waits until something happens, `wake` is readable, or the time is over (nil: never).
  func wait(wake: Int32, timeoutMilliseconds: Int32?) -> [WatchEvent]
}

/// inotify(7). Local to one thread.
final class Inotify: EventSource {
  /// The link that Kubernetes swaps when a ConfigMap changes.
  private static let configMapData = "..data"
  private static let mask =
    UInt32(
      IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF)
    | UInt32(IN_ONLYDIR)

  private var descriptor: Int32
  private var directories: [Int32: String] = [:]

  init() throws {
    descriptor = try Self.open()
  }

  deinit {
    close(descriptor)
  }

  private static func open() throws -> Int32 {
    let descriptor = inotify_init1(Int32(IN_NONBLOCK) | Int32(IN_CLOEXEC))
    guard descriptor >= 0 else { throw FileError("inotify_init1", errno: errno) }
    return descriptor
  }

  func reset() throws {
    let fresh = try Self.open()
    close(descriptor)
    descriptor = fresh
    directories = [:]
  }

  func watch(_ directory: String, absolutePath: String) throws {
    let watch = inotify_add_watch(descriptor, absolutePath, Self.mask)
    guard watch >= 0 else {
      // It vanished; the event that says so is on its way.
      if errno == ENOENT || errno == ENOTDIR { return }
      let hint = errno == ENOSPC ? " (raise fs.inotify.max_user_watches)" : ""
      throw FileError("cannot watch \(absolutePath)\(hint)", errno: errno)
    }
    directories[watch] = directory
  }

  func wait(wake: Int32, timeoutMilliseconds: Int32?) -> [WatchEvent] {
    var descriptors = [
      pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&descriptors, 2, timeoutMilliseconds ?? -1) > 0 else { return [] }
    return drain()
  }

  private func drain() -> [WatchEvent] {
    var events: [WatchEvent] = []
    withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 8) { buffer in
      while true {
        let count = read(descriptor, buffer.baseAddress, buffer.count)
        guard count > 0 else { return }
        var offset = 0
        let headerBytes = MemoryLayout<inotify_event>.size
        while offset + headerBytes <= count {
          let header = buffer.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
          let nameEnd = min(count, offset + headerBytes + Int(header.len))
          let name = buffer[(offset + headerBytes)..<nameEnd].prefix { $0 != 0 }
          if let event = event(header, String(decoding: name, as: UTF8.self)) { events.append(event) }
          offset = nameEnd
        }
      }
    }
    return events
  }

  private func event(_ header: inotify_event, _ name: String) -> WatchEvent? {
    let mask = header.mask
    if mask & UInt32(IN_Q_OVERFLOW) != 0 { return .rescan }
    if mask & UInt32(IN_IGNORED) != 0 {
      directories[header.wd] = nil
      return nil
    }
    if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF) != 0 { return .rescan }
    guard let directory = directories[header.wd] else { return nil }
    if name == Self.configMapData { return .rescan }
    guard name.utf8.first != UInt8(ascii: ".") else { return nil }
    if mask & UInt32(IN_ISDIR) != 0 { return .rescan }
    guard FileTree.isPolicyFile(name) else { return nil }
    let path = FileTree.join(directory, name)
    if mask & UInt32(IN_CLOSE_WRITE | IN_MOVED_TO) != 0 { return .written(path: path) }
    if mask & UInt32(IN_MOVED_FROM) != 0 { return .movedAway(path: path) }
    if mask & UInt32(IN_DELETE) != 0 { return .deleted(path: path) }
    return .created(path: path)
  }
}
