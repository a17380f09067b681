// SPDX-License-Identifier: Apache-2.0

/// The value of `grpc-timeout`: at most eight digits and a unit (gRPC, doc/PROTOCOL-HTTP2.md, "Timeout").
enum GRPCTimeout {
  private static let digitsMax = 8
  /// From fine to coarse.
  private static let units: [(name: UInt8, nanoseconds: Int128)] = [
    (UInt8(ascii: "n"), 1), (UInt8(ascii: "u"), 1000), (UInt8(ascii: "m"), 1_000_000), (UInt8(ascii: "S"), second),
    (UInt8(ascii: "M"), 60 * second), (UInt8(ascii: "H"), 3600 * second),
  ]
  private static let second: Int128 = 1_000_000_000
  private static let attosecondsPerNanosecond: Int128 = 1_000_000_000

  /// Nil when it is none.
  static func parse(_ text: String) -> Duration? {
    let bytes = text.utf8
    guard let unit = units.first(where: { $0.name == bytes.last }) else { return nil }
    let digits = bytes.dropLast()
    guard (1...digitsMax).contains(digits.count) else { return nil }
    var number: Int128 = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int128(digit - UInt8(ascii: "0"))
    }
    return Duration(attoseconds: number * unit.nanoseconds * attosecondsPerNanosecond)
  }

  /// In the finest unit that has digits enough, rounded up; nothing below one nanosecond or above 99,999,999 hours.
  static func format(_ timeout: Duration) -> String {
    let nanoseconds = max(timeout.attoseconds / attosecondsPerNanosecond, 1)
    let most: Int128 = 99_999_999
    for unit in units {
      let number = (nanoseconds + unit.nanoseconds - 1) / unit.nanoseconds
      if number <= most { return "\(number)\(Character(UnicodeScalar(unit.name)))" }
    }
    return "\(most)H"
  }
}
