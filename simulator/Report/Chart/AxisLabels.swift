// SPDX-License-Identifier: Apache-2.0

/// Labels of ticks below a plot, as many of them as have room.
enum AxisLabels {
  /// Of the letters on a phone, in the units of the picture.
  static let characterWidth = 9.2
  private static let gap = 8.0

  /// - Parameters:
  ///   - ticks: positions and words, from left to right.
  ///   - right: where the picture ends; a label that would leave it ends there.
  ///   - characterWidth: of the letters at their largest.
  static func svg(
    _ ticks: [(x: Double, text: String)], y: Double, right: Double, characterWidth: Double = characterWidth
  ) -> String {
    var end = -Double.infinity
    return ticks.map { tick in
      let half = Double(tick.text.count) * characterWidth / 2
      let isLast = tick.x + half > right
      let start = isLast ? right - 2 * half : tick.x - half
      guard start >= end + gap else { return "" }
      end = start + 2 * half
      return Markup.text(
        "text",
        ["class": isLast ? "x last" : "x", "x": Path.pixels(isLast ? right : tick.x), "y": Path.pixels(y)], tick.text)
    }.joined()
  }
}
