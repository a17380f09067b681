// SPDX-License-Identifier: Apache-2.0

/// Lines over a common axis, as an SVG of its own width; the page scales it. Colours come from the page: line `n` has the
/// class `k<n>`.
struct LineChart {
  struct Series {
    var name: String
    /// Which of the page's line styles.
    var style: Int
    /// In values, ascending in x; nil is a gap.
    var points: [(x: Double, y: Double)?]
  }

  struct Axis {
    var kind: Scale.Kind = .linear
    var domain: ClosedRange<Double>
    /// Instead of round values.
    var ticks: [Double]?
    var label: (Double) -> String
  }

  var title: String
  /// What a reader who does not see it needs to know.
  var description: String
  var x: Axis
  var y: Axis
  var series: [Series]
  var bands: [Band] = []

  private static let width = 560.0
  private static let plotHeight = 230.0
  private static let left = 72.0
  private static let right = 14.0
  private static let bottom = 30.0
  private static let lane = 19.0
  private static let lanesMax = 3

  func svg() -> String {
    let xScale = Scale(x.kind, x.domain, from: Self.left, to: Self.width - Self.right)
    let placed = Band.lanes(bands, scale: xScale, laneMax: Self.lanesMax)
    let lanes = (placed.compactMap(\.lane).max() ?? -1) + 1
    let top = 10 + Double(lanes) * Self.lane
    let yScale = Scale(y.kind, y.domain, from: top + Self.plotHeight, to: top)
    let height = top + Self.plotHeight + Self.bottom
    let content =
      Markup.text("title", title) + Markup.text("desc", description)
      + placed.map { svg(of: $0, top: top, lanes: lanes) }.joined()
      + grid(xScale, yScale, top: top) + series.map { svg(of: $0, xScale, yScale) }.joined()
    return Markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "class": "lines", "role": "img",
        "viewBox": "0 0 \(Path.pixels(Self.width)) \(Path.pixels(height))",
      ], content)
  }

  private func svg(of band: Band.Placed, top: Double, lanes: Int) -> String {
    let rectangle = Markup.element(
      "rect",
      [
        "class": "band", "x": Path.pixels(band.left), "y": Path.pixels(top),
        "width": Path.pixels(band.right - band.left), "height": Path.pixels(Self.plotHeight),
      ], Markup.text("title", band.band.label))
    guard let lane = band.lane else { return rectangle }
    let baseline = top - 6 - Double(lanes - 1 - lane) * Self.lane
    let stem = Markup.element(
      "path",
      [
        "class": "stem",
        "d": "M\(Path.pixels(band.left)) \(Path.pixels(baseline + 3))V\(Path.pixels(top + Self.plotHeight))",
      ])
    let label = Markup.text(
      "text", ["class": "fault", "x": Path.pixels(band.labelX), "y": Path.pixels(baseline)], band.band.label)
    return rectangle + stem + label
  }

  private func grid(_ xScale: Scale, _ yScale: Scale, top: Double) -> String {
    let bottom = top + Self.plotHeight
    var text = ""
    for tick in y.ticks ?? yScale.ticks(max: 6) {
      let position = yScale.position(of: tick)
      text += Markup.element(
        "path",
        ["class": "grid", "d": "M\(Path.pixels(Self.left)) \(Path.pixels(position))H\(Path.pixels(xScale.end))"])
      text += Markup.text(
        "text", ["class": "y", "x": Path.pixels(Self.left - 8), "y": Path.pixels(position + 4)], y.label(tick))
    }
    let ticks = (x.ticks ?? xScale.ticks(max: 6)).map { (x: xScale.position(of: $0), text: x.label($0)) }
    for tick in ticks {
      text += Markup.element(
        "path", ["class": "grid", "d": "M\(Path.pixels(tick.x)) \(Path.pixels(top))V\(Path.pixels(bottom + 4))"])
    }
    text += AxisLabels.svg(ticks, y: bottom + 21, right: Self.width - 2)
    let axis = "M\(Path.pixels(Self.left)) \(Path.pixels(bottom))H\(Path.pixels(xScale.end))"
    return text + Markup.element("path", ["class": "axis", "d": axis])
  }

  private func svg(of series: Series, _ xScale: Scale, _ yScale: Scale) -> String {
    let points = series.points.map { point in
      point.map { (x: xScale.position(of: $0.x), y: yScale.position(of: $0.y)) }
    }
    return Markup.element(
      "path", ["class": "line k\(series.style)", "d": Path.line(points).data], Markup.text("title", series.name))
  }
}
