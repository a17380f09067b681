// SPDX-License-Identifier: Apache-2.0

/// A key given twice: YAML forbids it, and whichever value won would surprise someone.
enum DuplicateKeys {
  /// Below this many keys comparing each pair is quicker than hashing.
  private static let pairwiseCountMax = 16

  /// Each repeated key with its first occurrence. `<<` may be repeated, as several merges are well defined.
  static func find(_ keys: [NodeID], in tree: NodeTree) -> [(key: NodeID, first: NodeID)] {
    keys.count <= pairwiseCountMax ? findPairwise(keys, in: tree) : findHashing(keys, in: tree)
  }

  private static func findPairwise(_ keys: [NodeID], in tree: NodeTree) -> [(key: NodeID, first: NodeID)] {
    var duplicates: [(key: NodeID, first: NodeID)] = []
    for (i, key) in keys.enumerated() where tree[key].kind == .scalar {
      for earlier in keys[..<i] where tree[earlier].kind == .scalar {
        guard tree.hasSameText(tree[earlier], tree[key]), !MergeKeys.isMerge(key, in: tree) else { continue }
        duplicates.append((key, earlier))
        break
      }
    }
    return duplicates
  }

  private static func findHashing(_ keys: [NodeID], in tree: NodeTree) -> [(key: NodeID, first: NodeID)] {
    var duplicates: [(key: NodeID, first: NodeID)] = []
    var seen: [String: NodeID] = [:]
    for key in keys where tree[key].kind == .scalar && !MergeKeys.isMerge(key, in: tree) {
      let name = tree.string(tree[key])
      if let first = seen[name] { duplicates.append((key, first)) } else { seen[name] = key }
    }
    return duplicates
  }
}

/// YAML 1.1 merge keys: `<<: *defaults` adds the pairs of another mapping that this one does not have itself.
enum MergeKeys {
  /// An unquoted `<<`.
  static func isMerge(_ key: NodeID, in tree: NodeTree) -> Bool {
    let node = tree[key]
    return node.kind == .scalar && node.isPlain && node.count == 2
      && tree.withText(node) { $0[0] == UInt8(ascii: "<") && $0[1] == UInt8(ascii: "<") }
  }

  /// The children of a mapping with its merge keys replaced by what they stand for.
  ///
  /// - Parameter budget: pairs that the document may still look at for merging; what this mapping needs is taken off.
  /// - Throws: `YAMLSyntaxError` when the value of `<<` is not a mapping or a sequence of mappings, or when the budget
  ///   is exceeded.
  static func expand(_ children: [NodeID], in tree: NodeTree, budget: inout Int) throws -> [NodeID] {
    let keyIndices = stride(from: 0, to: children.count, by: 2)
    guard keyIndices.contains(where: { isMerge(children[$0], in: tree) }) else { return children }
    var expanded: [NodeID] = []
    var seen: Set<String> = []
    for i in keyIndices where !isMerge(children[i], in: tree) {
      expanded += [children[i], children[i + 1]]
      seen.insert(tree.string(tree[children[i]]))
    }
    for i in keyIndices where isMerge(children[i], in: tree) {
      for source in try sources(of: children[i + 1], in: tree) {
        let pairs = Array(tree.children(of: tree[source]))
        budget -= 1 + pairs.count / 2
        guard budget >= 0 else {
          throw YAMLSyntaxError(
            position: tree[children[i]].position, message: "merge keys expand to more than a document may hold")
        }
        for j in stride(from: 0, to: pairs.count, by: 2) where tree[pairs[j]].kind == .scalar {
          guard seen.insert(tree.string(tree[pairs[j]])).inserted else { continue }
          expanded += [pairs[j], pairs[j + 1]]
        }
      }
    }
    return expanded
  }

  private static func sources(of value: NodeID, in tree: NodeTree) throws -> [NodeID] {
    let node = tree[value]
    let sources = node.kind == .sequence ? Array(tree.children(of: node)) : [value]
    for source in sources where tree[source].kind != .mapping {
      throw YAMLSyntaxError(position: tree[source].position, message: "the value of `<<` has to be a mapping")
    }
    return sources
  }
}
