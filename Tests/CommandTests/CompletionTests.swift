// SPDX-License-Identifier: Apache-2.0

import Testbed
import Testing

@testable import swerve

@Suite struct CompletionTests {
  private func script(_ shell: String) throws -> String {
    let command = try Command(["--generate-completion-script", shell])
    #expect(command.exitCode == 0 && command.errors.isEmpty)
    return command.output
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func scriptKnowsEveryCommand(shell: String) throws {
    let script = try script(shell)
    for command in Swerve.configuration.subcommands where command.configuration.shouldDisplay {
      #expect(script.contains(command.configuration.commandName ?? "?"))
    }
    #expect(script.contains("pin-path"))
    #expect(script.contains("swerve/PEAK_EWMA") && script.contains("p2c+ejection"))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func shellThatIsInstalledAcceptsItsScript(shell: String) throws {
    let script = try script(shell)
    guard let program = Programs.find(shell) else {
      #expect(shell != "bash", "bash is not installed")
      return
    }
    let directory = try TemporaryDirectory()
    let process = try ChildProcess(program, ["-n", try directory.write("completion", script)])
    #expect(try process.wait(timeout: .seconds(30)) == .exited(0))
    #expect(process.errors.isEmpty)
  }

  @Test func zshScriptSaysWhatItCompletes() throws {
    #expect(try script("zsh").hasPrefix("#compdef swerve\n"))
  }
}
