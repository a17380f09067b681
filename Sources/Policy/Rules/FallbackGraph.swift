// SPDX-License-Identifier: Apache-2.0

/// Which service falls back on which other one, over all files.
struct FallbackGraph: Sendable {
  /// Fallbacks one after the other; more would keep a request waiting for nothing.
  static let chainMax = 8

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
      let chain = chain(from: name)
      if chain.count > Self.chainMax {
        return link.origin.diagnostic(.error, "more than \(Self.chainMax) fallbacks follow each other from \(name)")
      }
      guard chain.last.flatMap({ links[$0]?.target }) == name, isLast(name, of: chain) else { return nil }
      return link.origin.diagnostic(
        .error, "the fallback goes in a circle: \((chain + [name]).joined(separator: " -> "))")
    }
  }

  /// The services with a fallback from `name` on, up to where the way comes back to it; cut when it is too long.
  private func chain(from name: String) -> [String] {
    var chain = [name]
    while chain.count <= Self.chainMax, let next = chain.last.flatMap({ links[$0]?.target }), next != name {
      // A circle that `name` only leads to is the fault of those in it.
      if links[next] == nil || chain.contains(next) { return chain }
      chain.append(next)
    }
    return chain
  }

  /// Whoever closed the circle is at fault: the last in the order of files.
  private func isLast(_ name: String, of cycle: [String]) -> Bool {
    let last = cycle.compactMap { member in links[member].map { ($0.origin.location, member) } }.max { $0 < $1 }
    return last?.1 == name
  }
}
