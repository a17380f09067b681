// SPDX-License-Identifier: Apache-2.0

/// The weights of a slice's endpoints, from its `swerve.dev/weight` and `swerve.dev/weights` annotations.
struct Weights {
  /// Of the endpoints that are not named.
  var everyone: UInt16 = 1
  var byAddress: [IPAddress: UInt16] = [:]

  func weight(of address: IPAddress) -> UInt16 {
    byAddress.isEmpty ? everyone : byAddress[address] ?? everyone
  }
}

extension Reader {
  func weights(of metadata: Metadata, addresses: some Sequence<IPAddress>) -> Weights {
    var weights = Weights()
    if let node = metadata.annotations[Annotation.weight.rawValue], let text = string(node) {
      weights.everyone = weight(text[...], at: node, .weight) ?? 1
    }
    guard let node = metadata.annotations[Annotation.weights.rawValue], let text = string(node) else { return weights }
    let known = Set(addresses)
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = item.split(separator: "=", omittingEmptySubsequences: false).map(Self.trim)
      guard parts.count == 2, let address = IPAddress(String(parts[0])) else {
        complain(at: node, .weights, "\(Excerpt.quoted(String(item))) is not of the form address=weight")
        continue
      }
      guard let weight = weight(parts[1], at: node, .weights) else { continue }
      if !known.contains(address) {
        complain(at: node, .weights, "no endpoint of this slice has the address \(address)")
      }
      if weights.byAddress.updateValue(weight, forKey: address) != nil {
        complain(at: node, .weights, "the address \(address) is given twice")
      }
    }
    return weights
  }

  /// The zone of the endpoints that do not say theirs.
  func zoneAnnotation(of metadata: Metadata) -> String? {
    guard let node = metadata.annotations[Annotation.zone.rawValue], let zone = string(node) else { return nil }
    guard let complaint = NameRule.labelValue.complaint(about: zone) else { return zone }
    complain(at: node, .zone, complaint)
    return nil
  }

  private func weight(_ text: Substring, at node: Node, _ annotation: Annotation) -> UInt16? {
    let digits = Self.trim(text)
    if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let weight = UInt16(digits) {
      return weight
    }
    complain(at: node, annotation, "\(Excerpt.quoted(String(text))) is not a weight between 0 and 65535")
    return nil
  }

  private func complain(at node: Node, _ annotation: Annotation, _ message: String) {
    error(at: node.position, field: "metadata.annotations[\"\(annotation.name)\"]", message)
  }

  private static func trim(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
