// SPDX-License-Identifier: Apache-2.0

/// A part of a time axis that is shaded and has a name.
struct Band {
  var label: String
  var from: Double
  /// nil: to the end.
  var until: Double?

  /// Labels above a plot, in as few lines as they need without touching each other.
  static func lanes(_ bands: [Band], scale: Scale, laneMax: Int) -> [Placed] {
    var ends = [Double](repeating: -.infinity, count: laneMax)
    return bands.sorted { $0.from < $1.from }.map { band in
      let left = scale.position(of: band.from)
      let width = Double(band.label.count) * characterWidth
      // One that would leave the picture at the right ends there.
      let x = max(scale.start, min(left, scale.end - width))
      let lane = ends.firstIndex { $0 + gap <= x }
      if let lane { ends[lane] = x + width }
      let right = scale.position(of: band.until ?? scale.domain.upperBound)
      return Placed(band: band, left: left, right: max(right, left + 1), labelX: x, lane: lane)
    }
  }

  struct Placed {
    let band: Band
    let left: Double
    let right: Double
    let labelX: Double
    /// nil: there is no room for its label.
    let lane: Int?
  }

  /// Of the larger letters on a phone.
  private static let characterWidth = 9.2
  private static let gap = 8.0
}
