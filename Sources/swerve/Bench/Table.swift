// SPDX-License-Identifier: Apache-2.0

/// Rows of text as a Markdown table that lines up in a terminal too.
struct Table {
  let header: [String]
  var rows: [[String]] = []

  /// The first column is aligned left, the others right.
  var text: String {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    let rule = widths.enumerated().map { column, width in
      column == 0 ? String(repeating: "-", count: width) : String(repeating: "-", count: max(1, width - 1)) + ":"
    }
    return ([header, rule] + rows).map { line($0, widths) }.joined(separator: "\n")
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = widths.enumerated().map { column, width in
      let cell = column < cells.count ? cells[column] : ""
      let space = String(repeating: " ", count: max(0, width - cell.count))
      return column == 0 ? cell + space : space + cell
    }
    return "| " + padded.joined(separator: " | ") + " |"
  }
}

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
