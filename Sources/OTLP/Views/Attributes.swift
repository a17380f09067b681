// SPDX-License-Identifier: Apache-2.0

extension List where Element == Common.KeyValue {
  /// The value of the first attribute of that key. Reads the list from its start: attributes are few.
  @_lifetime(copy self)
  @inlinable public func value(of key: StaticString) -> Common.AnyValue? {
    for index in indices where self[index].key == key { return self[index].value }
    return nil
  }
}

extension Common.AnyValue {
  /// The text, when the value is one.
  @inlinable public var text: Text? {
    @_lifetime(copy self) get {
      if case .stringValue(let text) = value { return text }
      return nil
    }
  }

  /// The number, when the value is a whole one.
  @inlinable public var integer: Int64? {
    if case .intValue(let number) = value { return number }
    return nil
  }
}

extension Metrics.NumberDataPoint {
  /// The number whichever form it has; nil when the point has none.
  @inlinable public var number: Double? {
    switch value {
    case .asDouble(let number): number
    case .asInt(let number): Double(number)
    case nil: nil
    }
  }
}
