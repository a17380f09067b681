// SPDX-License-Identifier: Apache-2.0

/// Durations as Istio and Go write them: numbers with units one after the other, `1h3m`, `1.5s`, `100ms`.
package enum DurationText {
  /// Nanoseconds of each unit.
  private static let units: [(name: String, nanoseconds: Double)] = [
    ("ms", 1e6), ("us", 1e3), ("ns", 1), ("h", 3600e9), ("m", 60e9), ("s", 1e9),
  ]

  /// Nanoseconds; nil when the text is no duration.
  package static func nanoseconds(_ text: String) -> Double? {
    var rest = Substring(text)
    if rest.isEmpty || rest.utf8.count > 64 { return nil }
    var total = 0.0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let value = Double(digits), digits.first != ".", digits.last != "." else { return nil }
      rest = rest.dropFirst(digits.count)
      guard let unit = units.first(where: { rest.hasPrefix($0.name) }) else { return nil }
      rest = rest.dropFirst(unit.name.count)
      total += value * unit.nanoseconds
    }
    return total
  }

  /// In the largest unit that it is a whole number of: `1500us`, `90s`, `2h`; minutes from ten on.
  package static func text(_ nanoseconds: UInt64) -> String {
    if nanoseconds == 0 { return "0s" }
    let units: [(name: String, size: UInt64, least: UInt64)] = [
      ("h", 3_600_000_000_000, 1), ("m", 60_000_000_000, 10), ("s", 1_000_000_000, 1), ("ms", 1_000_000, 1),
      ("us", 1_000, 1),
    ]
    for unit in units where nanoseconds % unit.size == 0 && nanoseconds / unit.size >= unit.least {
      return "\(nanoseconds / unit.size)\(unit.name)"
    }
    return "\(nanoseconds)ns"
  }
}

extension Reader {
  /// Whole milliseconds.
  func duration(_ node: Node, millisecondsMin: Int) -> UInt32? {
    guard let (text, nanoseconds) = durationText(node) else { return nil }
    // Below a tenth of a nanosecond is the rounding of the decimal fraction.
    let milliseconds = (nanoseconds / 1e6).rounded()
    if abs(milliseconds * 1e6 - nanoseconds) > 0.1 {
      error(at: node.position, "\(text) is finer than a millisecond")
      return nil
    }
    guard let whole = UInt32(exactly: milliseconds), whole >= UInt32(clamping: millisecondsMin) else {
      error(at: node.position, "\(text) is not between \(millisecondsMin)ms and \(UInt32.max)ms (49 days)")
      return nil
    }
    return whole
  }

  /// Nanoseconds, with their decimal fraction.
  package func nanoseconds(_ node: Node) -> Double? { durationText(node)?.nanoseconds }

  private func durationText(_ node: Node) -> (text: String, nanoseconds: Double)? {
    if isNull(node) { return nil }
    guard node.kind == .scalar else {
      error(at: node.position, "expected a duration, found \(describe(node))")
      return nil
    }
    let text = tree.string(node)
    guard let nanoseconds = DurationText.nanoseconds(text) else {
      error(
        at: node.position, "\(Excerpt.quoted(text)) is not a duration; write it with a unit, such as 10s, 1.5s or 1h3m")
      return nil
    }
    return (text, nanoseconds)
  }
}
