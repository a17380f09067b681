// SPDX-License-Identifier: Apache-2.0

/// Index of a node in its tree.
package typealias NodeID = UInt32

/// One YAML value: 20 bytes, however long the value.
package struct Node {
  package enum Kind: UInt8 {
    case scalar
    case sequence
    case mapping
  }

  package let kind: Kind
  /// Whether a scalar's type follows from its text; a quoted or `!!str` one is a string whatever it says.
  package let isPlain: Bool
  package let position: Position
  /// Scalar: first byte in `NodeTree.text`. Collection: first element in `NodeTree.children`.
  var first: UInt32
  /// Scalar: bytes. Sequence: items. Mapping: keys and values together, twice the pairs.
  package internal(set) var count: UInt32
}

/// One YAML document: three flat arrays, so that a tree of a million nodes costs three allocations.
///
/// An alias is the index of the node its anchor stands for, so documents that repeat themselves stay small; merge keys
/// (`<<`) are already expanded. There are no cycles: an anchor is known only after the end of its node.
package struct NodeTree {
  var nodes: [Node] = []
  var children: [NodeID] = []
  var text: [UInt8] = []

  package subscript(id: NodeID) -> Node { nodes[Int(id)] }

  /// Items of a sequence, or keys and values in turn of a mapping; a scalar has none.
  package func children(of node: Node) -> ArraySlice<NodeID> {
    node.kind == .scalar ? [] : children[Int(node.first)..<Int(node.first + node.count)]
  }

  package func string(_ node: Node) -> String {
    withText(node) { String(decoding: $0, as: UTF8.self) }
  }

  package func withText<Result>(_ node: Node, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    text.withUnsafeBufferPointer { text in
      body(UnsafeBufferPointer(rebasing: text[Int(node.first)..<Int(node.first + node.count)]))
    }
  }

  package func hasSameText(_ left: Node, _ right: Node) -> Bool {
    guard left.count == right.count else { return false }
    return withText(left) { left in withText(right) { right in left.elementsEqual(right) } }
  }
}
