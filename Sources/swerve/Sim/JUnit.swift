// SPDX-License-Identifier: Apache-2.0

/// Test results as the XML that CI servers read.
struct JUnit {
  struct Suite {
    var name: String
    var cases: [Case] = []
  }

  struct Case {
    enum Outcome {
      case passed
      /// What was tested is not so.
      case failure(String)
      /// It could not be tested.
      case error(String)
    }

    var name: String
    var className: String
    var outcome: Outcome
  }

  var name: String
  var suites: [Suite] = []

  var text: String {
    let cases = suites.flatMap(\.cases)
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    text += "<testsuites name=\"\(Self.escaped(name))\"\(Self.counts(cases))>\n"
    for suite in suites {
      text += "  <testsuite name=\"\(Self.escaped(suite.name))\"\(Self.counts(suite.cases))>\n"
      for test in suite.cases { text += Self.element(test) }
      text += "  </testsuite>\n"
    }
    return text + "</testsuites>\n"
  }

  private static func counts(_ cases: [Case]) -> String {
    let failures = cases.count { if case .failure = $0.outcome { true } else { false } }
    let errors = cases.count { if case .error = $0.outcome { true } else { false } }
    return " tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\""
  }

  private static func element(_ test: Case) -> String {
    let start = "    <testcase name=\"\(escaped(test.name))\" classname=\"\(escaped(test.className))\""
    switch test.outcome {
    case .passed: return start + "/>\n"
    case .failure(let text): return start + ">\n" + detail("failure", text) + "    </testcase>\n"
    case .error(let text): return start + ">\n" + detail("error", text) + "    </testcase>\n"
    }
  }

  /// The first line once more where servers show one line.
  private static func detail(_ kind: String, _ text: String) -> String {
    let first = text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
    return "      <\(kind) message=\"\(escaped(first))\">\(escaped(text))</\(kind)>\n"
  }

  /// XML 1.0: five characters have names, line ends keep in attributes only as numbers, and some are not allowed at all.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&apos;"
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      case "\u{20}"..."\u{7e}", "\u{a0}"..."\u{fffd}", "\u{10000}"..."\u{10ffff}": escaped.unicodeScalars.append(scalar)
      default: escaped += "\u{fffd}"
      }
    }
    return escaped
  }
}
