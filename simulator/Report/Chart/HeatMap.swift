// SPDX-License-Identifier: Apache-2.0

/// Rows of cells over time: the darker, the more. Cells of a level are one path, so that 100 endpoints are no 10,000
/// elements.
struct HeatMap {
  struct Row {
    var name: String
    var group: String
    /// 0 (nothing is drawn) to 1, by column.
    var values: [Double]
  }

  /// Cells that are framed, for example those of a fault.
  struct Frame {
    var label: String
    var rows: [Int]
    var from: Double
    /// nil: to the end.
    var until: Double?
  }

  var title: String
  var description: String
  /// Of the page's colours: `load` or `ejected`.
  var style: String
  var rows: [Row]
  /// Of time, in seconds.
  var duration: Double
  var frames: [Frame] = []

  /// Steps of colour.
  static let levels = 8
  private static let width = 420.0
  private static let right = 14.0
  private static let top = 6.0
  private static let bottom = 26.0
  /// Above this many rows only groups have a name.
  private static let namedRowsMax = 16
  private static let nameMax = 18

  /// 0 for what is too little for the first level.
  static func level(of value: Double) -> Int {
    value.isFinite ? min(levels, max(value > 0 ? 1 : 0, Int((value * Double(levels)).rounded()))) : 0
  }

  /// Room for the longest name that is shown.
  private var left: Double {
    let names = rows.count <= Self.namedRowsMax ? rows.map(\.name) : rows.map(\.group)
    return 18 + 6.9 * Double(min(Self.nameMax, names.map(\.count).max() ?? 0))
  }

  private var rowHeight: Double {
    switch rows.count {
    case ...8: 18
    case ...16: 14
    default: max(2, 240 / Double(rows.count))
    }
  }

  func svg() -> String {
    let scale = Scale(.linear, 0...duration, from: left, to: Self.width - Self.right)
    let height = Self.top + rowHeight * Double(rows.count) + Self.bottom
    let content =
      Markup.text("title", title) + Markup.text("desc", description) + background + cells + names
      + framesMarkup(scale) + axis(scale)
    return Markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "heat \(style)", "role": "img",
        "viewBox": "0 0 \(Path.pixels(Self.width)) \(Path.pixels(height))",
      ], content)
  }

  private var background: String {
    Markup.element(
      "rect",
      [
        "class": "empty", "x": Path.pixels(left), "y": Path.pixels(Self.top),
        "width": Path.pixels(Self.width - Self.right - left),
        "height": Path.pixels(rowHeight * Double(rows.count)),
      ])
  }

  private var cells: String {
    var paths = [Path](repeating: Path(), count: Self.levels + 1)
    // A hair of background between rows that are high enough to be told apart.
    let gap = rowHeight >= 6 ? 1.0 : 0
    for (index, row) in rows.enumerated() where !row.values.isEmpty {
      let cell = (Self.width - Self.right - left) / Double(row.values.count)
      var start = 0
      while start < row.values.count {
        let level = Self.level(of: row.values[start])
        var end = start + 1
        while end < row.values.count, Self.level(of: row.values[end]) == level { end += 1 }
        if level > 0 {
          paths[level].addRectangle(
            x: left + Double(start) * cell, y: Self.top + Double(index) * rowHeight,
            width: Double(end - start) * cell, height: rowHeight - gap)
        }
        start = end
      }
    }
    return paths.enumerated().filter { !$0.element.data.isEmpty }
      .map { Markup.element("path", ["class": "h\($0.offset)", "d": $0.element.data]) }.joined()
  }

  private var names: String {
    if rows.count <= Self.namedRowsMax {
      return rows.enumerated().map { index, row in
        name(row.name, at: Self.top + (Double(index) + 0.5) * rowHeight + 4)
      }.joined()
    }
    var text = ""
    var start = 0
    var last = -Double.infinity
    while start < rows.count {
      let end = rows[start...].firstIndex { $0.group != rows[start].group } ?? rows.count
      let middle = Self.top + Double(start + end) / 2 * rowHeight + 4
      if middle - last >= 14 {
        text += name(rows[start].group, at: middle)
        last = middle
      }
      if start > 0 {
        let y = Path.pixels(Self.top + Double(start) * rowHeight)
        text += Markup.element("path", ["class": "group", "d": "M\(Path.pixels(left - 6)) \(y)h6"])
      }
      start = end
    }
    return text
  }

  private func name(_ text: String, at y: Double) -> String {
    // The end tells endpoints apart.
    let short = text.count > Self.nameMax ? "…" + text.suffix(Self.nameMax - 1) : text
    return Markup.element(
      "text", ["class": "y", "x": Path.pixels(left - 8), "y": Path.pixels(y)],
      Markup.escape(short) + (short == text ? "" : Markup.text("title", text)))
  }

  private func framesMarkup(_ scale: Scale) -> String {
    frames.map { frame in
      var path = Path()
      let left = scale.position(of: frame.from)
      let right = max(left + 2, scale.position(of: frame.until ?? duration))
      for range in Self.ranges(frame.rows.filter { rows.indices.contains($0) }) {
        path.addRectangle(
          x: left, y: Self.top + Double(range.lowerBound) * rowHeight, width: right - left,
          height: Double(range.count) * rowHeight)
      }
      return path.data.isEmpty
        ? "" : Markup.element("path", ["class": "frame", "d": path.data], Markup.text("title", frame.label))
    }.joined()
  }

  private func axis(_ scale: Scale) -> String {
    let bottom = Self.top + rowHeight * Double(rows.count)
    let ticks = scale.ticks(max: 5).map { (x: scale.position(of: $0), text: Text.duration($0 * 1e9)) }
    let marks = ticks.map { tick in
      Markup.element("path", ["class": "tick", "d": "M\(Path.pixels(tick.x)) \(Path.pixels(bottom))v4"])
    }
    return marks.joined() + AxisLabels.svg(ticks, y: bottom + 18, right: Self.width - 2, characterWidth: 7)
  }

  /// Neighbours together: `[1, 2, 5]` is 1...2 and 5...5.
  static func ranges(_ rows: [Int]) -> [ClosedRange<Int>] {
    rows.sorted().reduce(into: []) { ranges, row in
      if let last = ranges.last, row <= last.upperBound + 1 {
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, row)
      } else {
        ranges.append(row...row)
      }
    }
  }
}
