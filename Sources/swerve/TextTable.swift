// SPDX-License-Identifier: Apache-2.0

/// Rows of text in aligned columns.
struct TextTable {
  enum Alignment {
    case left
    case right
  }

  private let alignments: [Alignment]
  private var rows: [[String]]

  /// - Parameter columns: header and alignment of each column.
  init(_ columns: [(header: String, alignment: Alignment)]) {
    alignments = columns.map(\.alignment)
    rows = [columns.map(\.header)]
  }

  /// The first column is aligned left, the others right.
  init(header: [String]) {
    self.init(header.enumerated().map { ($0.element, $0.offset == 0 ? .left : .right) })
  }

  mutating func add(_ row: [String]) {
    rows.append(row)
  }

  /// The lines, header first, without trailing spaces.
  var lines: [String] {
    aligned(rows).map { cells in
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  var text: String { lines.joined(separator: "\n") }

  /// The same as a Markdown table that lines up in a terminal too.
  var markdown: String {
    let rule = zip(widths(rows), alignments).map { width, alignment in
      alignment == .left ? String(repeating: "-", count: width) : String(repeating: "-", count: max(1, width - 1)) + ":"
    }
    return aligned([rows[0], rule] + rows.dropFirst()).map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }

  private func widths(_ rows: [[String]]) -> [Int] {
    alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  }

  private func aligned(_ rows: [[String]]) -> [[String]] {
    let widths = widths(rows)
    return rows.map { row in
      row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return alignments[column] == .left ? text + padding : padding + text
      }
    }
  }
}
