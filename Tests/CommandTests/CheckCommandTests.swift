// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

@Suite struct CheckCommandTests {
  @Test func examplesAreValid() throws {
    let check = try Command("check", Command.examplesDirectory)
    #expect(check.exitCode == 0)
    #expect(check.output.hasPrefix("\(try Command.examples().count) files, "))
    #expect(check.output.hasSuffix(" endpoints: valid\n"))
    #expect(check.output.count { $0 == "\n" } == 1)
    #expect(check.errors.isEmpty)
  }

  @Test func invalidFilesAreListedWithTheirPlaces() throws {
    let directory = "\(Command.policies)/invalid"
    let place = #//[a-z0-9-]+\.(yaml|json):[0-9]+:[0-9]+: /#
    let check = try Command("check", directory)
    #expect(check.exitCode == 65)
    let lines = check.output.split(separator: "\n")
    #expect(lines.count > 80)
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("\(directory)/") })
    #expect(lines.dropLast().allSatisfy { $0.dropFirst(directory.count).prefixMatch(of: place) != nil })
    #expect(check.output.contains("\(directory)/unknown-field.yaml:10:5: spec.ports[0]: unknown field `targetPrt`"))
    #expect(lines.last?.contains(" errors, ") == true)
  }

  @Test func jsonOfValidFilesHasTheServices() throws {
    let check = try Command("check", "--json", Command.examplesDirectory)
    let result = try check.json()
    #expect(check.exitCode == 0)
    let files = try Command.examples().count
    #expect(result["valid"] as? Bool == true && result["files"] as? Int == files)
    let names = (result["services"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
    #expect(names?.contains("default/web:http") == true)
    #expect((result["diagnostics"] as? [Any])?.isEmpty == true)
  }

  @Test func jsonOfAnInvalidFileHasItsDiagnosticsAndTheExitCode() throws {
    let file = "\(Command.policies)/invalid/unknown-field.yaml"
    let check = try Command("check", "--json", file)
    let result = try check.json()
    #expect(check.exitCode == 65 && result["valid"] as? Bool == false)
    let diagnostics = try #require(result["diagnostics"] as? [[String: Any]])
    let location = try #require(diagnostics.first?["location"] as? [String: Any])
    #expect(location["file"] as? String == file)
    #expect(location["line"] as? Int == 10 && location["column"] as? Int == 5)
    #expect(diagnostics.first?["suggestion"] as? String == "targetPort")
  }

  @Test func missingFileIsAnErrorThatNamesIt() throws {
    let check = try Command("check", "/proc/no-such-file.yaml")
    #expect(check.exitCode == 65)
    #expect(check.output.contains("/proc/no-such-file.yaml"))
  }
}
