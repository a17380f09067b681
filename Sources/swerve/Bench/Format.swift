// SPDX-License-Identifier: Apache-2.0

/// Numbers for people.
enum Format {
  /// Rounded to so many digits after the point; "-" when there is none.
  static func number(_ value: Double?, digits: Int = 0) -> String {
    guard let value, value.isFinite else { return "-" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (value.magnitude * scale).rounded()
    let (whole, part) = (Int(scaled / scale), Int(scaled) % Int(scale))
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let text = "\(part)"
    return "\(sign)\(whole)." + String(repeating: "0", count: digits - text.count) + text
  }
}
