// SPDX-License-Identifier: Apache-2.0

internal import CDataplane
internal import Dataplane
internal import Foundation

/// Opens listeners in other network namespaces. A thread sees one namespace, and the relay's own must stay where it is:
/// so this is done on a thread of its own, which ends with it.
enum NamespaceThread {
  /// What came of it, by namespace.
  struct Outcome: Sendable {
    var opened: [NamespaceListener] = []
    /// One sentence each.
    var failures: [String] = []
  }

  /// Opens listeners in the namespaces of processes, each once.
  ///
  /// - Parameters:
  ///   - processes: ids, or "self". Those that have ended are left out.
  ///   - known: inodes of namespaces that need none.
  ///   - done: called on that thread.
  static func open(
    _ processes: [String], except known: Set<UInt64>, _ tables: RequestTables,
    _ done: @escaping @Sendable (Outcome) -> Void
  ) {
    Thread.detachNewThread { done(openAll(processes, except: known, tables)) }
  }

  private static func openAll(_ processes: [String], except known: Set<UInt64>, _ tables: RequestTables) -> Outcome {
    var seen = known
    var outcome = Outcome()
    for process in processes {
      let path = "/proc/\(process)/ns/net"
      guard let inode = Namespaces.inode(path), seen.insert(inode).inserted else { continue }
      do {
        outcome.opened.append(try enter(path, tables))
      } catch {
        outcome.failures.append("network namespace of process \(process): \(error)")
      }
    }
    return outcome
  }

  private static func enter(_ path: String, _ tables: RequestTables) throws(RelayError) -> NamespaceListener {
    let namespace = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard namespace >= 0 else { throw RelayError("open \(path)", errno: errno) }
    defer { close(namespace) }
    guard swerve_enter_network_namespace(namespace) == 0 else {
      throw RelayError("enter \(path), which needs CAP_SYS_ADMIN", errno: errno)
    }
    return try NamespaceListener.open(tables)
  }
}

/// Which network namespaces there are.
enum Namespaces {
  /// The inode of a namespace's file; nil when the process has ended or is not ours to look at.
  static func inode(_ path: String) -> UInt64? {
    var information = stat()
    return stat(path, &information) == 0 ? UInt64(information.st_ino) : nil
  }

  /// Inodes of the network namespaces that a process is in.
  static func inhabited() -> Set<UInt64> {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return Set(entries.filter { $0.first?.isNumber == true }.compactMap { inode("/proc/\($0)/ns/net") })
  }

  /// Ids of the processes in a cgroup and below it.
  static func processes(below cgroup: String) -> [String] {
    var found: [String] = []
    var directories = [cgroup]
    while let directory = directories.popLast() {
      // Unreadable in a threaded cgroup, whose processes its parent lists.
      let text = (try? String(contentsOfFile: "\(directory)/cgroup.procs", encoding: .utf8)) ?? ""
      found += text.split(separator: "\n").map(String.init)
      let entries = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
      for entry in entries {
        var information = stat()
        let path = "\(directory)/\(entry)"
        if lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR { directories.append(path) }
      }
    }
    return found
  }
}
