// SPDX-License-Identifier: Apache-2.0

/// A chart with what belongs to it: a heading, a word on how to read it, and its figures as a table for those who do not
/// see it.
struct Figure {
  var title: String
  var note = ""
  var chart: String
  /// First row: heads.
  var table: [[String]] = []
  var tableName = "as a table"

  func html() -> String {
    let caption = Markup.element(
      "figcaption", Markup.text("h4", title) + (note.isEmpty ? "" : Markup.text("p", note)))
    return Markup.element("figure", caption + chart + data)
  }

  private var data: String {
    guard let head = table.first, table.count > 1 else { return "" }
    let rows = table.dropFirst().map { row in
      Markup.element(
        "tr",
        row.enumerated().map { index, cell in
          index == 0 ? Markup.text("th", ["scope": "row"], cell) : Markup.text("td", cell)
        }.joined())
    }
    let heads = head.map { Markup.text("th", ["scope": "col"], $0) }.joined()
    return Markup.element(
      "details",
      Markup.text("summary", tableName)
        + Markup.element(
          "div", ["class": "scroll"],
          Markup.element(
            "table",
            Markup.element("thead", Markup.element("tr", heads)) + Markup.element("tbody", rows.joined()))))
  }
}
