// SPDX-License-Identifier: Apache-2.0

/// Numbers as people read them. The same on every machine: no locale, no mathematics library.
public enum Text {
  /// `59,204`.
  public static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return text
  }

  /// With so many decimals at most, zeros at the end left out: `41.3`, `1,200`. What is no number is a dash.
  public static func number(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    let factor = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    let scaled = (value.magnitude * factor).rounded(.toNearestOrAwayFromZero)
    guard scaled < 9e15 else { return value < 0 ? "-huge" : "huge" }
    let units = Int(scaled)
    let whole = units / Int(factor)
    var fraction = String(units % Int(factor) + Int(factor)).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    let sign = value < 0 && units > 0 ? "-" : ""
    return sign + count(whole) + (decimals > 0 && !fraction.isEmpty ? "." + fraction : "")
  }

  /// With so many digits that matter: `0.0123`, `41.3`, `1,235`; digits before the point are all there.
  public static func significant(_ value: Double, digits: Int = 3) -> String {
    number(value, decimals: decimals(of: value, digits: digits))
  }

  /// `41.3 ms`, in the largest unit that leaves something before the point.
  public static func duration(_ nanoseconds: UInt64, digits: Int = 3) -> String {
    duration(Double(nanoseconds), digits: digits)
  }

  /// As above; negative ones are differences.
  public static func duration(_ nanoseconds: Double, digits: Int = 3) -> String {
    guard nanoseconds.isFinite else { return "–" }
    let units: [(name: String, size: Double)] = [("ns", 1), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)]
    for (index, unit) in units.enumerated() {
      let value = nanoseconds / unit.size
      // 999.9 ms of three digits is one second, not 1,000 ms.
      let rounds = rounded(value.magnitude, decimals: decimals(of: value, digits: digits))
      if rounds < 1_000 || index == units.count - 1 {
        return nanoseconds == 0 ? "0 s" : significant(value, digits: digits) + " " + unit.name
      }
    }
    return "–"
  }

  /// `1.25 %` of a share of 1. What is not all is never `100 %`: `99.984 %`.
  public static func percent(_ share: Double, digits: Int = 3) -> String {
    if share > 0.99, share < 1 {
      return number(share * 100, decimals: decimals(of: (1 - share) * 100, digits: 2)) + " %"
    }
    return significant(share * 100, digits: digits) + " %"
  }

  /// `p99`, `p99.9`.
  public static func percentile(_ percent: Double) -> String { "p" + number(percent, decimals: 4) }

  /// `1 request`, `5 requests`.
  public static func count(_ value: Int, of one: String) -> String {
    count(value) + " " + one + (value == 1 ? "" : "s")
  }

  /// `a`, `a and b`, `a, b and c`.
  public static func list(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func decimals(of value: Double, digits: Int) -> Int {
    guard value.isFinite, value != 0 else { return 0 }
    var decimals = digits - 1
    var rest = value.magnitude
    while rest >= 10, decimals > 0 { (rest, decimals) = (rest / 10, decimals - 1) }
    while rest < 1, decimals < 9 { (rest, decimals) = (rest * 10, decimals + 1) }
    return decimals
  }

  private static func rounded(_ value: Double, decimals: Int) -> Double {
    let factor = (0..<decimals).reduce(1.0) { product, _ in product * 10 }
    return (value * factor).rounded(.toNearestOrAwayFromZero) / factor
  }
}
