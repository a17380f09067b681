// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct ScaleTests {
  @Test func linearAndLogarithmicPositions() {
    let linear = Scale(.linear, 0...10, from: 100, to: 0)
    #expect(linear.position(of: 2.5) == 75)
    #expect(linear.position(of: -3) == 100)
    #expect(linear.position(of: 99) == 0)
    let logarithmic = Scale(.logarithmic, 1...1_000, from: 0, to: 300)
    #expect(abs(logarithmic.position(of: 10) - 100) < 1e-9)
    #expect(abs(logarithmic.position(of: 100) - 200) < 1e-9)
    #expect(logarithmic.position(of: 0) == 0)
  }

  @Test func anEmptyDomainIsNoDivisionByZero() {
    #expect(Scale(.linear, 5...5, from: 0, to: 100).position(of: 5).isFinite)
    #expect(Scale(.logarithmic, 0...0, from: 0, to: 100).position(of: 0).isFinite)
    #expect(Scale(.logarithmic, 7...7, from: 0, to: 100).position(of: 7) == 0)
  }

  @Test func linearTicksAreRound() {
    #expect(Ticks.linear(0...60, max: 6) == [0, 20, 40, 60])
    #expect(Ticks.linear(0...1, max: 6) == [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1])
    #expect(Ticks.linear(3...11, max: 5) == [4, 6, 8, 10])
    #expect(Ticks.linear(5...5, max: 5) == [])
  }

  @Test func logarithmicTicksFollowTheRoom() {
    #expect(Ticks.logarithmic(1...10, max: 6) == [1, 2, 5, 10])
    #expect(Ticks.logarithmic(1...100, max: 6) == [1, 3, 10, 30, 100])
    #expect(Ticks.logarithmic(1...1e6, max: 7) == [1, 10, 100, 1e3, 1e4, 1e5, 1e6])
    #expect(Ticks.logarithmic(1...1e8, max: 5) == [1, 100, 1e4, 1e6, 1e8])
    #expect(Ticks.logarithmic(21...29, max: 6) == [22, 24, 26, 28])
  }

  @Test(arguments: [(0.001, 7.0), (1, 3e9), (120, 121), (1e-9, 1e9)] as [(Double, Double)])
  func ticksAreWithinTheDomainAndNotTooMany(low: Double, high: Double) {
    for max in 2...9 {
      for ticks in [Ticks.linear(low...high, max: max), Ticks.logarithmic(low...high, max: max)] {
        #expect(ticks.count <= max)
        #expect(ticks == ticks.sorted())
        #expect(ticks.allSatisfy { $0 >= low - 1e-8 * high && $0 <= high * (1 + 1e-8) })
      }
    }
  }

  @Test func logarithmsAreRight() {
    #expect(Logarithm.two(of: 1) == 0)
    #expect(Logarithm.two(of: 1_024) == 10)
    #expect(abs(Logarithm.two(of: 3) - 1.584962500721156) < 1e-14)
    #expect(abs(Logarithm.two(of: 1.999_999) - 0.999_999_278_652) < 1e-11)
    #expect(abs(Logarithm.ten(of: 1e-9) + 9) < 1e-13)
  }
}

@Suite struct DrawingTests {
  @Test func markupIsEscaped() {
    #expect(
      Markup.text("p", ["title": "a \"b\" & 'c'"], "<script>")
        == "<p title=\"a &quot;b&quot; &amp; &#39;c&#39;\">&lt;script&gt;</p>")
    #expect(Markup.escape("a\u{0}b\u{1B}c\nd") == "a\u{FFFD}b\u{FFFD}c\nd")
    #expect(Markup.element("br") == "<br/>")
    #expect(Markup.element("td") == "<td></td>")
  }

  @Test func pixelsHaveOneDecimal() {
    #expect(Path.pixels(12) == "12")
    #expect(Path.pixels(12.34) == "12.3")
    #expect(Path.pixels(-0.04) == "0")
    #expect(Path.pixels(-1.25) == "-1.3")
    #expect(Path.pixels(.nan) == "0")
  }

  @Test func aGapEndsALine() {
    let path = Path.line([(0, 1), (10, 2), nil, (20, 3), (30, 4)])
    #expect(path.data == "M0 1L10 2M20 3L30 4")
    #expect(Path.line([nil, (5, 5), nil]).data == "M5 5m-5 0h10")
    #expect(Path.line([]).data == "")
  }

  @Test func pointsThatNobodyCouldSeeAreLeftOutButNotTheLast() {
    let points: [(x: Double, y: Double)?] = (0...1_000).map { (x: Double($0) / 1_000, y: 0) }
    #expect(Path.line(points).data == "M0 0L0.5 0L1 0")
  }

  @Test func labelsOfFaultsDoNotTouch() {
    let scale = Scale(.linear, 0...100, from: 0, to: 500)
    let bands = [
      Band(label: "hang backend-0", from: 10, until: 20), Band(label: "slow backend-1", from: 12, until: nil),
      Band(label: "crash", from: 80, until: 81), Band(label: "a very long name at the end", from: 99, until: 100),
    ]
    let placed = Band.lanes(bands, scale: scale, laneMax: 3)
    #expect(placed.map(\.lane) == [0, 1, 0, 1])
    #expect(placed[1].right == 500)
    #expect(placed[3].labelX + 27 * 9.2 <= 500.001)
    #expect(Band.lanes(bands, scale: scale, laneMax: 1).map(\.lane) == [0, nil, 0, nil])
  }

  @Test func heatMapsPutEqualNeighboursTogether() {
    #expect(HeatMap.level(of: 0) == 0)
    #expect(HeatMap.level(of: 0.001) == 1)
    #expect(HeatMap.level(of: 0.5) == 4)
    #expect(HeatMap.level(of: 7) == HeatMap.levels)
    #expect(HeatMap.ranges([5, 1, 2, 3]) == [1...3, 5...5])
    let row = HeatMap.Row(name: "a-0", group: "a", values: [Double](repeating: 1, count: 100))
    let svg = HeatMap(title: "t", description: "d", style: "load", rows: [row], duration: 60).svg()
    #expect(svg.split(separator: "class=\"h8\"").count == 2)
    #expect(svg.split(separator: "z\"").count == 2)
  }
}
