// SPDX-License-Identifier: Apache-2.0

internal import Policy

/// The files of a directory with their last good versions. Pure: no I/O.
///
/// A file is in force whole or not at all. One that is bad, on its own or because it contradicts an earlier file,
/// leaves its last good version in force.
struct FileSet {
  private struct Rejection {
    let diagnostics: [Diagnostic]
    /// A file that is good on its own: it is tried again whenever other files change.
    let candidate: ParsedFile?
  }

  private(set) var store: PolicyStore
  private var rejections: [String: Rejection] = [:]
  private var warnings: [String: [Diagnostic]] = [:]

  /// Every file that is known, in force or rejected.
  var paths: Set<String> { knownPaths }
  private var knownPaths: Set<String> = []

  init(zone: String? = nil) {
    store = PolicyStore(zone: zone, isLive: true)
  }

  func contains(_ path: String) -> Bool { knownPaths.contains(path) }

  /// Takes new versions of files and forgets others.
  mutating func apply(_ files: [ParsedFile], removing removed: [String]) -> PolicyChange {
    for path in removed {
      knownPaths.remove(path)
      rejections[path] = nil
      warnings[path] = nil
    }
    var good: [ParsedFile] = []
    for file in files {
      knownPaths.insert(file.path)
      rejections[file.path] = file.hasErrors ? Rejection(diagnostics: file.diagnostics, candidate: nil) : nil
      if !file.hasErrors { good.append(file) }
    }
    let previous = good.map { store.file(path: $0.path) }
    var change = store.apply(replacing: good, removing: removed)
    let trials = zip(good, previous).sorted { $0.0.path < $1.0.path }
    for (file, previous) in trials { change = change.merged(with: judge(file, previous)) }
    return change.merged(with: retry(except: Set(good.lazy.map(\.path))))
  }

  /// Keeps a file that is in the store, or puts its previous version back if it contradicts an earlier file.
  private mutating func judge(_ file: ParsedFile, _ previous: ParsedFile?) -> PolicyChange {
    let errors = store.errors(path: file.path)
    if errors.isEmpty {
      rejections[file.path] = nil
      warnings[file.path] = file.diagnostics.isEmpty ? nil : file.diagnostics
      return PolicyChange()
    }
    rejections[file.path] = Rejection(diagnostics: errors, candidate: file)
    if let previous { return store.replace(previous) }
    return store.remove(path: file.path)
  }

  /// A contradiction ends when either side changes.
  private mutating func retry(except tried: Set<String>) -> PolicyChange {
    var change = PolicyChange()
    for (path, rejection) in rejections.sorted(by: { $0.key < $1.key }) where !tried.contains(path) {
      guard let candidate = rejection.candidate else { continue }
      let previous = store.file(path: path)
      change = change.merged(with: store.replace(candidate))
      change = change.merged(with: judge(candidate, previous))
    }
    return change
  }

  /// How things stand, with `change` as what led here.
  func update(_ change: PolicyChange, unreadable: RejectedFile?) -> DirectoryUpdate {
    let diagnostics = store.diagnostics
    var rejected = rejections.map { path, rejection in
      RejectedFile(path: path, diagnostics: rejection.diagnostics, hasLastGood: store.file(path: path) != nil)
    }
    // A file that was good until an earlier one took its address: what is left of it stays in force.
    let displaced = Dictionary(grouping: diagnostics.filter { $0.severity == .error }, by: \.location.file)
    for (path, errors) in displaced where rejections[path] == nil {
      rejected.append(RejectedFile(path: path, diagnostics: errors, hasLastGood: true))
    }
    if let unreadable { rejected.append(unreadable) }
    rejected.sort { $0.path < $1.path }
    let all = warnings.values.flatMap { $0 } + diagnostics.filter { $0.severity == .warning }
    return DirectoryUpdate(
      change: change, rejected: rejected, complete: rejected.allSatisfy(\.hasLastGood), fileCount: store.fileCount,
      warnings: all.sorted())
  }
}
