// SPDX-License-Identifier: Apache-2.0

import Policy

extension ScenarioReader {
  /// A word, or a mapping of one name to its parameters. The kind is known even where the parameters are wrong.
  func fault(_ node: Node) -> (kind: FaultField, fault: Fault?)? {
    if node.kind == .scalar {
      guard let kind = reader.word(node, FaultField.self) else { return nil }
      if FaultField.words.contains(kind) { return (kind, simple(kind)) }
      reader.error(at: node.position, "`\(kind.rawValue)` needs parameters, as in `\(example(kind))`")
      return (kind, nil)
    }
    guard let fields = FieldValues(reader, node, FaultField.self),
      let kind = reader.only(fields, of: FaultField.allCases, in: node)
    else { return nil }
    return (kind, fields.read(kind) { fault(kind, $0) })
  }

  private func fault(_ kind: FaultField, _ node: Node) -> Fault? {
    switch kind {
    case .slow: return factor(node).map { .slow(factor: $0) }
    case .capacity: return factor(node).map { .capacity(factor: $0) }
    case .coldStart: return factor(node).map { .coldStart(factor: $0) }
    case .errors: return errors(node)
    case .latency: return reader.distribution(node, .time).map { .latency($0) }
    case .loss: return reader.number(node, in: 0...0.99).map { .loss(probability: $0) }
    case .clockJump:
      guard let fields = FieldValues(reader, node, ClockJumpField.self) else { return nil }
      return fields.duration(.by).map { .clockJump(by: $0) }
    default:
      if node.kind == .mapping, node.count == 0 { return simple(kind) }
      reader.error(at: node.position, "`\(kind.rawValue)` has no parameters; write `fault: \(kind.rawValue)`")
      return nil
    }
  }

  private func factor(_ node: Node) -> Double? {
    FieldValues(reader, node, FactorField.self)?.number(.factor)
  }

  private func errors(_ node: Node) -> Fault? {
    guard let fields = FieldValues(reader, node, ErrorsField.self) else { return nil }
    return .errors(
      rate: fields.number(.rate) ?? 1, status: fields.integer(.status) ?? 500, latency: fields.duration(.latency) ?? 0)
  }

  private func simple(_ kind: FaultField) -> Fault? {
    switch kind {
    case .crash: .crash
    case .hang: .hang
    case .join: .join
    case .leave: .leave
    case .drain: .drain
    case .partition: .partition
    case .agentRestart: .agentRestart
    case .tableFull: .tableFull
    default: nil
    }
  }

  private func example(_ kind: FaultField) -> String {
    switch kind {
    case .errors: "{errors: {rate: 0.5, status: 500}}"
    case .latency: "{latency: 60ms}"
    case .loss: "{loss: 0.1}"
    case .clockJump: "{clockJump: {by: 30s}}"
    default: "{\(kind.rawValue): {factor: 3}}"
    }
  }
}
