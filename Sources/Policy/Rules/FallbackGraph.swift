// SPDX-License-Identifier: Apache-2.0

/// Which service falls back on which other one, over all files.
struct FallbackGraph: Sendable {
  private struct Link: Sendable {
    let target: String
    let origin: Origin
  }

  private var links: [String: Link] = [:]
  /// Names of the services whose fallback is written in a file.
  private var namesByPath: [String: Set<String>] = [:]

  mutating func insert(_ name: String, target: String, origin: Origin) {
    links[name] = Link(target: target, origin: origin)
    namesByPath[origin.path, default: []].insert(name)
  }

  mutating func remove(_ name: String) {
    guard let link = links.removeValue(forKey: name) else { return }
    namesByPath[link.origin.path]?.remove(name)
    if namesByPath[link.origin.path]?.isEmpty == true { namesByPath[link.origin.path] = nil }
  }

  /// Fallbacks that lead nowhere or in a circle.
  ///
  /// - Parameters:
  ///   - path: of the file at fault; nil for all files.
  ///   - known: whether there is a service of this name.
  ///   - names: of all services.
  func errors(path: String?, known: (String) -> Bool, names: () -> [String]) -> [Diagnostic] {
    let suspects = path.map { Array(namesByPath[$0] ?? []) } ?? Array(links.keys)
    return suspects.compactMap { name in
      guard let link = links[name] else { return nil }
      if !known(link.target) {
        return link.origin.diagnostic(
          .error, "no service `\(link.target)` for \(name) to fall back on",
          suggestion: Suggestion.nearest(to: link.target, among: names().sorted()))
      }
      let cycle = cycle(from: name)
      guard !cycle.isEmpty, isLast(name, of: cycle) else { return nil }
      return link.origin.diagnostic(
        .error, "the fallback goes in a circle: \((cycle + [name]).joined(separator: " -> "))")
    }
  }

  /// The names from `name` back to itself; empty when the way ends elsewhere.
  private func cycle(from name: String) -> [String] {
    var names = [name]
    var seen: Set<String> = [name]
    var next = links[name]?.target
    while let current = next {
      if current == name { return names }
      guard seen.insert(current).inserted else { return [] }
      names.append(current)
      next = links[current]?.target
    }
    return []
  }

  /// Whoever closed the circle is at fault: the last in the order of files.
  private func isLast(_ name: String, of cycle: [String]) -> Bool {
    let last = cycle.compactMap { member in links[member].map { ($0.origin.location, member) } }.max { $0 < $1 }
    return last?.1 == name
  }
}
