// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Policy

/// Policy files read once, for `swerve check` and the like: nothing is watched and nothing is kept from before.
public struct PolicyLoad: Sendable {
  public let store: PolicyStore
  /// Of every file and between them, sorted by place.
  public let diagnostics: [Diagnostic]
  public let fileCount: Int

  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

  /// - Parameter paths: files, directories (read as `PolicyDirectory` does) or `-` for standard input. Diagnostics name
  ///   files as they are given here.
  /// - Parameter zone: of the node the policy is for; see `PolicyStore`.
  public static func load(paths: [String], allowUnsupported: Bool = false, zone: String? = nil) -> PolicyLoad {
    var files: [ParsedFile] = []
    var names: [String] = []
    for path in paths {
      if path == "-" {
        files.append(standardInput(allowUnsupported: allowUnsupported))
      } else if FileTree(root: path).status("").map({ $0.st_mode & S_IFMT == S_IFDIR }) ?? false {
        do {
          let listing = try FileTree(root: path).list { _ in }
          names += listing.files.keys.map { FileTree.join(path, $0) }.sorted()
        } catch {
          files.append(ParsedFile(unreadable: path, reason: "\(error)"))
        }
      } else {
        names.append(path)
      }
    }
    var seen: Set<String> = []
    let distinct = names.filter { seen.insert($0).inserted }
    files += ParallelMap.map(distinct) { parse($0, allowUnsupported: allowUnsupported) }
    var store = PolicyStore(zone: zone)
    _ = store.apply(replacing: files, removing: [])
    let diagnostics = files.flatMap(\.diagnostics) + store.diagnostics
    return PolicyLoad(store: store, diagnostics: diagnostics.sorted(), fileCount: files.count)
  }

  private static func parse(_ path: String, allowUnsupported: Bool) -> ParsedFile {
    switch FileTree(root: "").parse(path, allowUnsupported: allowUnsupported) {
    case .parsed(let file, _): file
    case .unsettled: ParsedFile(unreadable: path, reason: "the file is being written")
    case .vanished: ParsedFile(unreadable: path, reason: "no such file")
    }
  }

  private static func standardInput(allowUnsupported: Bool) -> ParsedFile {
    let name = "<stdin>"
    var bytes: [UInt8] = []
    while bytes.count <= PolicyParser.fileBytesMax {
      switch FileTree.contents(STDIN_FILENO, bytes: 1 << 20) {
      case .failure(let error): return ParsedFile(unreadable: name, reason: error.description)
      case .success(let chunk):
        if chunk.isEmpty {
          return PolicyParser.parse(bytes, path: name, allowUnsupported: allowUnsupported, readBody: FileTree.body)
        }
        bytes += chunk
      }
    }
    return PolicyParser.parse(bytes, path: name, allowUnsupported: allowUnsupported)
  }
}
