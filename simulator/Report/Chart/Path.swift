// SPDX-License-Identifier: Apache-2.0

/// The `d` of an SVG path, in tenths of a pixel.
struct Path {
  private(set) var data = ""

  /// A line through points in pixels, from left to right; nil is a gap. Points less than half a pixel from the last one
  /// that was drawn are left out, the last of a line never.
  static func line(_ points: [(x: Double, y: Double)?]) -> Path {
    var path = Path()
    for part in points.split(whereSeparator: { $0 == nil }) {
      let part = part.compactMap { $0 }
      var last: (x: Double, y: Double)?
      for (index, point) in part.enumerated() {
        if let last, index < part.count - 1, (point.x - last.x).magnitude < 0.5, (point.y - last.y).magnitude < 0.5 {
          continue
        }
        path.data += (last == nil ? "M" : "L") + "\(pixels(point.x)) \(pixels(point.y))"
        last = point
      }
      // A single point would be lost: it is a short dash.
      if part.count == 1 { path.data += "m-5 0h10" }
    }
    return path
  }

  mutating func addRectangle(x: Double, y: Double, width: Double, height: Double) {
    data += "M\(pixels(x)) \(pixels(y))h\(pixels(width))v\(pixels(height))h\(pixels(-width))z"
  }

  private func pixels(_ value: Double) -> String { Self.pixels(value) }

  /// `12.5`, without a point where there is none needed.
  static func pixels(_ value: Double) -> String {
    guard value.isFinite, value.magnitude < 1e9 else { return "0" }
    let tenths = Int((value * 10).rounded())
    let sign = tenths < 0 ? "-" : ""
    let (whole, rest) = Int(tenths.magnitude).quotientAndRemainder(dividingBy: 10)
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
  }
}
