// SPDX-License-Identifier: Apache-2.0

/// Makes one `NodeTree` per document out of parser events, within bounds that no input can exceed.
struct TreeBuilder {
  /// Bounds of one document. Generous for Kubernetes objects, which nest 10 deep, and small for a machine.
  enum Limit {
    static let depth = 64
    /// 20 bytes each.
    static let nodes = 4_194_304
    /// 4 bytes each; more than nodes because merge keys copy references.
    static let children = 8_388_608
    static let anchors = 65_536
  }

  /// A complaint about structure, with the path to where it is.
  struct Complaint {
    let position: Position
    let field: String
    let message: String
  }

  /// A collection whose end has not come yet.
  private struct Frame {
    let id: NodeID
    let isMapping: Bool
    let anchor: String?
    /// Where its children begin in `pending`.
    let pendingStart: Int
  }

  private(set) var tree = NodeTree()
  private(set) var root: NodeID?
  private(set) var complaints: [Complaint] = []
  private var frames: [Frame] = []
  /// Children of all open frames, innermost last; moved to the tree when a frame ends, so that they are contiguous.
  private var pending: [NodeID] = []
  private var anchors: [String: NodeID] = [:]
  private var mergeBudget = Limit.children

  /// - Throws: `YAMLSyntaxError` when a limit is exceeded or an alias has no anchor.
  mutating func handle(_ event: YAMLEvent, at position: Position) throws {
    switch event {
    case .documentStart, .documentEnd:
      return
    case .alias(let anchor):
      guard let target = anchors[anchor] else {
        throw YAMLSyntaxError(position: position, message: "alias `*\(anchor)` has no anchor before it")
      }
      attach(target)
    case .scalar(let text, let anchor, let tag, let isPlain):
      let first = UInt32(tree.text.count)
      tree.text.append(contentsOf: text)
      let isTyped = tag == nil ? isPlain : try isTypedByText(tag: tag, at: position)
      let id = try append(
        Node(kind: .scalar, isPlain: isTyped, position: position, first: first, count: UInt32(text.count)))
      try remember(anchor, id, at: position)
      attach(id)
    case .sequenceStart(let anchor, _):
      try open(.sequence, anchor: anchor, at: position)
    case .mappingStart(let anchor, _):
      try open(.mapping, anchor: anchor, at: position)
    case .collectionEnd:
      try close(at: position)
    }
  }

  /// `!!int` and its like leave the type to the text, which has to agree anyway; `!!str` and `!` do not.
  private func isTypedByText(tag: String?, at position: Position) throws -> Bool {
    switch tag {
    case "tag:yaml.org,2002:str", "!": return false
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:float":
      return true
    default: throw YAMLSyntaxError(position: position, message: "unknown tag `\(tag ?? "")`")
    }
  }

  private mutating func append(_ node: Node) throws -> NodeID {
    guard tree.nodes.count < Limit.nodes else {
      throw YAMLSyntaxError(
        position: node.position, message: "a document of more than \(Limit.nodes) values; split it into several")
    }
    tree.nodes.append(node)
    return NodeID(tree.nodes.count - 1)
  }

  private mutating func attach(_ id: NodeID) {
    if frames.isEmpty { root = id } else { pending.append(id) }
  }

  private mutating func remember(_ anchor: String?, _ id: NodeID, at position: Position) throws {
    guard let anchor else { return }
    guard anchors.count < Limit.anchors else {
      throw YAMLSyntaxError(position: position, message: "more than \(Limit.anchors) anchors in one document")
    }
    anchors[anchor] = id
  }

  private mutating func open(_ kind: Node.Kind, anchor: String?, at position: Position) throws {
    guard frames.count < Limit.depth else {
      throw YAMLSyntaxError(position: position, message: "nested deeper than \(Limit.depth) levels")
    }
    let id = try append(Node(kind: kind, isPlain: false, position: position, first: 0, count: 0))
    attach(id)
    frames.append(Frame(id: id, isMapping: kind == .mapping, anchor: anchor, pendingStart: pending.count))
  }

  private mutating func close(at position: Position) throws {
    guard let frame = frames.last else { return }
    var children = Array(pending[frame.pendingStart...])
    if frame.isMapping {
      noteBadKeys(children)
      children = try MergeKeys.expand(children, in: tree, budget: &mergeBudget)
    }
    guard tree.children.count + children.count <= Limit.children else {
      throw YAMLSyntaxError(position: position, message: "merge keys expand to more than a document may hold")
    }
    tree.nodes[Int(frame.id)].first = UInt32(tree.children.count)
    tree.nodes[Int(frame.id)].count = UInt32(children.count)
    tree.children.append(contentsOf: children)
    pending.removeSubrange(frame.pendingStart...)
    frames.removeLast()
    try remember(frame.anchor, frame.id, at: position)
  }

  // MARK: Keys

  private mutating func noteBadKeys(_ children: [NodeID]) {
    let keys = stride(from: 0, to: children.count, by: 2).map { children[$0] }
    for key in keys where tree[key].kind != .scalar {
      complain(at: tree[key].position, key: nil, "a key has to be a string")
    }
    for (key, first) in DuplicateKeys.find(keys, in: tree) {
      let name = tree.string(tree[key])
      complain(
        at: tree[key].position, key: name, "duplicate key `\(name)`, first given on line \(tree[first].position.line)")
    }
  }

  private mutating func complain(at position: Position, key: String?, _ message: String) {
    guard complaints.count < DiagnosticSink.countMax else { return }
    complaints.append(Complaint(position: position, field: path(to: key), message: message))
  }

  /// The path of `key` in the innermost open mapping.
  private func path(to key: String?) -> String {
    var path = FieldPath()
    for (frame, inner) in zip(frames, frames.dropFirst()) {
      let siblings = pending[frame.pendingStart..<inner.pendingStart]
      if !frame.isMapping {
        path.append(index: siblings.count - 1)
      } else if siblings.count >= 2 {
        path.append(name: tree.string(tree[siblings[siblings.endIndex - 2]]))
      }
    }
    if let key { path.append(name: key) }
    return path.description
  }
}
