// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import swerve

@Suite struct FormatTests {
  @Test(arguments: [
    (0.9876, 3, "0.988"), (1.005, 1, "1.0"), (0.05, 2, "0.05"), (12.999, 2, "13.00"), (-0.5, 1, "-0.5"),
    (-0.001, 1, "0.0"), (1234.6, 0, "1235"),
  ])
  func numbersAreRounded(value: Double, digits: Int, text: String) {
    #expect(Format.number(value, digits: digits) == text)
  }

  @Test func missingNumberIsADash() {
    #expect(Format.number(nil) == "-")
    #expect(Format.number(.nan) == "-")
    #expect(Format.number(.infinity) == "-")
  }

  @Test func markdownTableLinesUp() {
    var table = TextTable(header: ["path", "n"])
    table.add(["direct", "10"])
    table.add(["x", ""])
    #expect(
      table.markdown == """
        | path   |  n |
        | ------ | -: |
        | direct | 10 |
        | x      |    |
        """)
  }
}
