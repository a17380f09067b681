// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testbed
import Testing

@testable import swerve

@Suite struct UsageTests {
  @Test(arguments: [
    ["--nonsense"], ["nonsense"], ["check"], ["check", "--nonsense", "a"], ["run", "--log-level", "loud"],
  ])
  func badUsageExitsWith64AndSaysWhatWasWrong(arguments: [String]) throws {
    let command = try Command(arguments)
    #expect(command.exitCode == 64)
    #expect(command.errors.hasPrefix("Error: ") && command.errors.contains("swerve"))
    #expect(command.output.isEmpty)
  }

  @Test func versionIsPrinted() throws {
    let command = try Command(["--version"])
    #expect(command.exitCode == 0 && command.output == "\(Swerve.version)\n")
  }

  @Test(arguments: 0..<Swerve.configuration.subcommands.count) func helpOfEveryCommandHasExamples(number: Int) {
    let command = Swerve.configuration.subcommands[number]
    guard command.configuration.shouldDisplay else { return }
    let name = command.configuration.commandName ?? ""
    let help = Swerve.helpMessage(for: command, columns: 120)
    #expect(help.contains("EXAMPLES"), "swerve \(name)")
    #expect(help.contains("swerve \(name)"))
    #expect(!command.configuration.abstract.isEmpty)
  }

  @Test func helpOfTheProgramHasExamplesAndExitCodes() {
    let help = Swerve.helpMessage(columns: 120)
    #expect(help.contains("EXAMPLES") && help.contains("EXIT STATUS"))
    for code in [ExitCode.invalidPolicy, .notInstalled, .kernel, .locked, .privilege] {
      #expect(help.contains(" \(code.rawValue) "))
    }
    for command in Swerve.configuration.subcommands where command.configuration.shouldDisplay {
      #expect(help.contains("  \(command.configuration.commandName ?? "?") "))
    }
  }

  @Test(arguments: ["status", "endpoints"]) func withoutADataplaneReadersSayHowToStartOne(name: String) throws {
    let directory = try TemporaryDirectory()
    let pins = "\(directory.path)/none"
    let command = try Command([name, "--pin-path", pins, "--state-dir", directory.path])
    #expect(command.exitCode == 69)
    #expect(
      command.errors == "swerve: cannot read the dataplane at \(pins): none is installed; "
        + "start one with `swerve run`, or name its place with --pin-path\n")
    #expect(command.output.isEmpty)
  }
}
