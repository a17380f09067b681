// SPDX-License-Identifier: Apache-2.0

import OTLP

/// All fields of a message that are set, one a line, as Python writes them: read through the views, and without one
/// view's field being forgotten, since the functions are generated with the views.
struct Dump {
  private(set) var lines: [String] = []

  mutating func message(_ place: String) { lines.append("\(place) message") }
  mutating func text(_ value: Text, _ place: String) { lines.append("\(place) text \(value.bytes.hexadecimal)") }
  mutating func bytes(_ value: Bytes, _ place: String) { lines.append("\(place) bytes \(value.hexadecimal)") }
  mutating func bool(_ value: Bool, _ place: String) { lines.append("\(place) number \(value ? 1 : 0)") }
  mutating func number(_ value: some BinaryInteger, _ place: String) { lines.append("\(place) number \(value)") }

  mutating func double(_ value: Double, _ place: String) {
    let digits = String(value.bitPattern, radix: 16)
    lines.append("\(place) double \(String(repeating: "0", count: 16 - digits.count))\(digits)")
  }
}
