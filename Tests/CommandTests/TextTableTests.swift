// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import swerve

@Suite struct TextTableTests {
  @Test func columnsLineUp() {
    var table = TextTable([("SERVICE", .left), ("N", .right), ("REMARK", .left)])
    table.add(["default/web:http", "7", "fine"])
    table.add(["a", "12345", ""])
    #expect(
      table.text == """
        SERVICE               N  REMARK
        default/web:http      7  fine
        a                 12345
        """)
  }

  @Test func headerAloneIsATable() {
    #expect(TextTable([("A", .right), ("B", .left)]).lines == ["A  B"])
  }

  @Test func noLineEndsInASpace() {
    var table = TextTable([("A", .left), ("LONG HEADER", .left)])
    table.add(["x ", ""])
    #expect(table.lines.allSatisfy { $0.last != " " })
  }

  @Test func charactersCountOnceWhateverTheirBytes() {
    var table = TextTable([("A", .right), ("B", .left)])
    table.add(["\u{e9}\u{e9}", "x"])
    #expect(table.lines == [" A  B", "\u{e9}\u{e9}  x"])
  }
}
