// SPDX-License-Identifier: Apache-2.0

/// One row for each name with a few values on a common logarithmic axis: percentiles side by side.
struct RangeChart {
  struct Row {
    var name: String
    var style: Int
    /// Ascending; a dot for each, the one at `labelled` has its value beside the row.
    var values: [Double]
  }

  var title: String
  var description: String
  var rows: [Row]
  /// Index of the value that is written out.
  var labelled: Int
  var label: (Double) -> String

  private static let width = 560.0
  private static let right = 78.0
  private static let bottom = 26.0
  private static let nameMax = 24

  /// As high as other charts where there are few rows.
  private var rowHeight: Double { min(44, max(25, 230 / Double(max(1, rows.count)))) }

  /// Room for the longest name that is shown, with the larger letters of a phone.
  private var left: Double {
    26 + AxisLabels.characterWidth * Double(min(Self.nameMax, rows.map(\.name.count).max() ?? 0))
  }

  func svg() -> String {
    let all = rows.flatMap(\.values).filter { $0 > 0 }
    let domain = (all.min() ?? 1) * 0.9...(all.max() ?? 10) * 1.1
    let scale = Scale(.logarithmic, domain, from: left, to: Self.width - Self.right)
    let plot = Double(rows.count) * rowHeight
    let content =
      Markup.text("title", title) + Markup.text("desc", description) + grid(scale, plot: plot)
      + rows.enumerated().map { svg(of: $0.element, middle: (Double($0.offset) + 0.5) * rowHeight, scale) }
      .joined()
    return Markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "lines range", "role": "img",
        "viewBox": "0 0 \(Path.pixels(Self.width)) \(Path.pixels(plot + Self.bottom))",
      ], content)
  }

  private func grid(_ scale: Scale, plot: Double) -> String {
    let ticks = scale.ticks(max: 5).map { (x: scale.position(of: $0), text: label($0)) }
    let lines = ticks.map { tick in
      Markup.element("path", ["class": "grid", "d": "M\(Path.pixels(tick.x)) 0V\(Path.pixels(plot + 4))"])
    }
    return lines.joined() + AxisLabels.svg(ticks, y: plot + 20, right: Self.width - 2)
  }

  private func svg(of row: Row, middle: Double, _ scale: Scale) -> String {
    // Names differ at their ends more often than within.
    let half = Self.nameMax / 2
    let name =
      row.name.count > Self.nameMax ? row.name.prefix(half - 1) + "…" + row.name.suffix(Self.nameMax - half) : row.name
    let y = Path.pixels(middle)
    var text = Markup.text(
      "text", ["class": "y", "x": Path.pixels(left - 10), "y": Path.pixels(middle + 4)], name)
    guard let first = row.values.first, let last = row.values.last, last > 0 else { return text }
    let (from, to) = (Path.pixels(scale.position(of: first)), Path.pixels(scale.position(of: last)))
    text += Markup.element("path", ["class": "line k\(row.style)", "d": "M\(from) \(y)H\(to)"])
    // The large one last: it may lie upon another.
    let ordered = row.values.enumerated().sorted { $0.offset != labelled && $1.offset == labelled }
    for (index, value) in ordered {
      text += Markup.element(
        "circle",
        [
          "class": "dot k\(row.style)", "cx": Path.pixels(scale.position(of: value)), "cy": y,
          "r": index == labelled ? "5.5" : "3.5",
        ])
    }
    if row.values.indices.contains(labelled) {
      text += Markup.text(
        "text", ["class": "value", "x": Path.pixels(Self.width - Self.right + 10), "y": Path.pixels(middle + 4)],
        label(row.values[labelled]))
    }
    return Markup.element("g", ["class": "row"], text)
  }
}
