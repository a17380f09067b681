// SPDX-License-Identifier: Apache-2.0

/// Bounds on the ports of one object; Kubernetes has 100 for an EndpointSlice.
enum PortLimit {
  static let perService = 256
  static let perSlice = 100
}

/// What ports of Services and of EndpointSlices have in common.
extension Reader {
  /// nil for no name, which is what an empty one means too.
  func portName(_ node: Node) -> String? {
    if node.kind == .scalar, !node.isPlain, node.count == 0 { return nil }
    return name(node, .label)
  }

  /// false when the port cannot be put in force, which has been reported.
  func isTCPProtocol(_ node: Node) -> Bool {
    if isNull(node) { return true }
    guard let word = word(node, TransportProtocol.self) else { return false }
    if word != .tcp { unsupported(at: node.position, "`\(word.rawValue)` is not supported: TCP is") }
    return word == .tcp
  }

  /// An IANA service name or `domain/name`, as Kubernetes has it; 1 to 253 printable characters.
  func appProtocol(_ node: Node) -> String? {
    guard let text = string(node) else { return nil }
    if (1...253).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) { return text }
    error(at: node.position, "\(Excerpt.quoted(text)) is not an application protocol, such as `http`")
    return nil
  }
}
