// SPDX-License-Identifier: Apache-2.0

/// The header field `Retry-After`: seconds, or a date in any of HTTP's three forms (RFC 9110, sections 10.2.3 and 5.6.7).
enum RetryAfter {
  /// - Parameter unixSeconds: now.
  /// - Returns: nil when the value is neither; zero for a time that has passed.
  static func duration(_ value: String, unixSeconds: Int64) -> Duration? {
    let value = value.trimmed
    if !value.isEmpty && value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return Int64(value).map { .seconds(min($0, secondsMax)) }
    }
    return date(value).map { .seconds(min(max($0 - unixSeconds, 0), secondsMax)) }
  }

  /// What is longer is not believed.
  private static let secondsMax: Int64 = 86_400

  /// - Returns: seconds since 1970.
  static func date(_ value: String) -> Int64? {
    let parts = value.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
    switch parts.count {
    // Sun, 06 Nov 1994 08:49:37 GMT
    case 6 where parts[5] == "GMT" && parts[3].count == 4: return seconds(parts[1], parts[2], parts[3], parts[4])
    // Sunday, 06-Nov-94 08:49:37 GMT: a year that is more than 50 years ahead is one of the last century.
    case 6 where parts[5] == "GMT" && parts[3].count == 2:
      guard let year = Int(parts[3]) else { return nil }
      return seconds(parts[1], parts[2], String(year < 70 ? 2_000 + year : 1_900 + year), parts[4])
    // Sun Nov  6 08:49:37 1994
    case 5: return seconds(parts[2], parts[1], parts[4], parts[3])
    default: return nil
    }
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func seconds(_ day: String, _ month: String, _ year: String, _ time: String) -> Int64? {
    let clock = time.split(separator: ":").map { Int64($0) }
    guard let day = Int64(day), (1...31).contains(day), let month = months.firstIndex(of: month),
      let year = Int64(year), (1_970...9_999).contains(year), clock.count == 3,
      let hour = clock[0], (0...23).contains(hour), let minute = clock[1], (0...59).contains(minute),
      let second = clock[2], (0...60).contains(second)
    else { return nil }
    return days(year, Int64(month) + 1, day) * 86_400 + hour * 3_600 + minute * 60 + second
  }

  /// Days from 1970-01-01 in the Gregorian calendar. The year begins in March, so that the leap day is its last.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let year = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }
}

extension StringProtocol {
  /// Without spaces and tabs at its ends.
  var trimmed: String {
    let isSpace = { (character: Character) in character == " " || character == "\t" }
    guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
      return ""
    }
    return String(self[first...last])
  }
}
