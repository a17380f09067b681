// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import swerve

@Suite struct JUnitTests {
  @Test func everySuiteCountsItsCases() {
    var junit = JUnit(name: "all")
    junit.suites = [
      JUnit.Suite(
        name: "a",
        cases: [
          JUnit.Case(name: "holds", className: "a.swerve", outcome: .passed),
          JUnit.Case(name: "p99 < 1 ms", className: "a.swerve", outcome: .failure("2 ms\nreplay: x")),
        ]),
      JUnit.Suite(name: "b", cases: [JUnit.Case(name: "is valid", className: "b", outcome: .error("b.yaml:1:1: no"))]),
    ]
    #expect(
      junit.text == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="all" tests="3" failures="1" errors="1" skipped="0">
          <testsuite name="a" tests="2" failures="1" errors="0" skipped="0">
            <testcase name="holds" classname="a.swerve"/>
            <testcase name="p99 &lt; 1 ms" classname="a.swerve">
              <failure message="2 ms">2 ms&#10;replay: x</failure>
            </testcase>
          </testsuite>
          <testsuite name="b" tests="1" failures="0" errors="1" skipped="0">
            <testcase name="is valid" classname="b">
              <error message="b.yaml:1:1: no">b.yaml:1:1: no</error>
            </testcase>
          </testsuite>
        </testsuites>

        """)
  }

  @Test func whatXMLDoesNotAllowIsReplaced() {
    #expect(
      JUnit.escaped("a\u{0}\u{1b}\u{ffff}b <>&\"' é\u{1F600}")
        == "a\u{fffd}\u{fffd}\u{fffd}b &lt;&gt;&amp;&quot;&apos; é\u{1F600}")
  }

  @Test(arguments: [
    ("a/b-1.yaml", "a/b-1.yaml"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("", "''"), ("$(x)", "'$(x)'"),
  ])
  func wordsOfACommandAreQuoted(word: String, quoted: String) {
    #expect(Shell.quoted(word) == quoted)
  }
}
