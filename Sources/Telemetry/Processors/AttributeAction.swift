// SPDX-License-Identifier: Apache-2.0

import OTLP

/// A change of one attribute, in the words of the Collector's `attributes` and `resource` processors.
public struct AttributeAction: Hashable, Sendable {
  public enum Kind: String, CaseIterable, Sendable {
    /// Adds the attribute where there is none of that key.
    case insert
    /// Changes it where there is one.
    case update
    /// Adds or changes it.
    case upsert
    case delete
  }

  public enum Value: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case double(Double)
    case boolean(Bool)
    /// The value that another attribute has at that moment; without that attribute nothing is done.
    case attribute(String)
  }

  public var key: String
  public var kind: Kind
  /// Not used by `delete`.
  public var value: Value

  public init(_ kind: Kind, _ key: String, _ value: Value = .text("")) {
    self.kind = kind
    self.key = key
    self.value = value
  }
}

extension AttributeAction {
  /// - Returns: whether anything was changed.
  func apply(to attributes: BuilderList<Common.KeyValue.Builder>) -> Bool {
    if kind == .delete { return attributes.removeAll { $0.view(Common.KeyValue.self).key == key } > 0 }
    let existing = attributes.firstIndex(of: key)
    if existing == nil && kind == .update || existing != nil && kind == .insert { return false }
    if case .attribute(let other) = value {
      guard let source = attributes.firstIndex(of: other), source != existing else { return false }
      let target = attributes.attribute(at: existing, key)
      guard let value = attributes[source].view(Common.KeyValue.self).value else { return true }
      // Nested as deep as before: it fits where it was read.
      return (try? target.value.replace(copying: value)) != nil
    }
    value.store(in: attributes.attribute(at: existing, key).value)
    return true
  }
}

extension AttributeAction.Value {
  fileprivate func store(in slot: Common.AnyValue.Builder) {
    switch self {
    case .text(let text): slot.stringValue = text
    case .integer(let number): slot.intValue = number
    case .double(let number): slot.doubleValue = number
    case .boolean(let flag): slot.boolValue = flag
    case .attribute: break
    }
  }
}

extension BuilderList where Element == Common.KeyValue.Builder {
  fileprivate func firstIndex(of key: String) -> Int? {
    for index in indices where self[index].view(Common.KeyValue.self).key == key { return index }
    return nil
  }

  @_lifetime(copy self)
  fileprivate func attribute(at index: Int?, _ key: String) -> Common.KeyValue.Builder {
    if let index { return self[index] }
    let attribute = append()
    attribute.key = key
    return attribute
  }
}
