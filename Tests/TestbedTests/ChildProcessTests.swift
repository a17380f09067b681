// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

@Suite struct ChildProcessTests {
  @Test func outputLargerThanAPipeIsCaptured() throws {
    let child = try ChildProcess("sh", ["-c", "head -c 300000 /dev/zero | tr '\\0' x; echo no >&2; exit 3"])
    #expect(try child.wait(timeout: .seconds(10)) == .exited(3))
    #expect(child.output.utf8.count == 300_000)
    #expect(child.errors == "no\n")
  }

  @Test func programThatIsMissingOrNotExecutableIsAnErrorAtOnce() throws {
    #expect(throws: TestbedError.self) { try ChildProcess("no-such-program-here") }
    let directory = try TemporaryDirectory()
    let file = try directory.write("data", "not a program")
    #expect(throws: TestbedError.self) { try ChildProcess(file) }
  }

  @Test func waitGivesUpAfterItsTimeout() throws {
    let child = try ChildProcess("sleep", ["60"])
    #expect(try child.wait(timeout: .milliseconds(50)) == nil)
    #expect(child.ended == nil)
    #expect(child.kill() == .signalled(9))
    #expect(child.ended == .signalled(9))
  }

  @Test func childThatIgnoresTheRequestToEndIsKilled() throws {
    let child = try ChildProcess("sh", ["-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done"])
    while child.output.isEmpty { MonotonicClock.sleep(.milliseconds(5)) }
    #expect(child.terminate(timeout: .milliseconds(200)) == .signalled(9))
  }

  @Test func childEndsWithItsLastReference() throws {
    let pid = try ChildProcess("sleep", ["60"]).pid
    #expect((try? Files.read("/proc/\(pid)/stat")) == nil)
  }

  @Test func childInheritsNoSignalDispositions() throws {
    let child = try ChildProcess("sleep", ["60"])
    let status = try Files.read("/proc/\(child.pid)/status")
    // The signals below 32 are the application's; the C library keeps two above to itself.
    for field in ["SigIgn:", "SigBlk:"] {
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field) })
      let mask = try #require(UInt64(line.dropFirst(field.count + 1), radix: 16))
      #expect(mask & 0x7fff_ffff == 0, "\(line)")
    }
    child.kill()
  }

  @Test func environmentIsAddedToOurs() throws {
    let child = try ChildProcess("sh", ["-c", "echo $SWERVE_TEST $PATH"], .init(environment: ["SWERVE_TEST": "a b"]))
    #expect(try child.wait(timeout: .seconds(10)) == .exited(0))
    #expect(child.output.hasPrefix("a b /"))
  }
}
