// SPDX-License-Identifier: Apache-2.0

/// Finds the known name that a misspelt one was meant to be.
package enum Suggestion {
  /// Longer words are not worth comparing: no known name comes near this length.
  private static let bytesMax = 80

  /// The candidate with the least edit distance, if that is at most a third of the word; nil when nothing is near.
  ///
  /// A difference in case alone always counts as near: `ClusterIp` for `clusterIP`.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    guard word.utf8.count <= bytesMax else { return nil }
    let typed = Array(word.lowercased().utf8)
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != word {
      let distance = editDistance(typed, Array(candidate.lowercased().utf8))
      guard distance <= max(1, min(typed.count, candidate.utf8.count) / 3) else { continue }
      if let known = best, (known.distance, known.name) <= (distance, candidate) { continue }
      best = (candidate, distance)
    }
    return best?.name
  }

  /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours each cost 1.
  static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: right.count + 1)
    var previous = Array(0...right.count)
    for i in left.indices {
      var current = [i + 1]
      current.reserveCapacity(right.count + 1)
      for j in right.indices {
        let substitution = previous[j] + (left[i] == right[j] ? 0 : 1)
        var cost = min(substitution, previous[j + 1] + 1, current[j] + 1)
        if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
          cost = min(cost, beforePrevious[j - 1] + 1)
        }
        current.append(cost)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[right.count]
  }
}
