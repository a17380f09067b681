// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dataplane
import Foundation

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Probe this machine for everything the dataplane uses.",
    discussion: """
      Every kernel feature is tried, none is assumed from a version. The self-test tries what request mode needs of sockets,
      on connections within this process: when one of its checks fails, requests are not steered in the kernel, and the
      relay carries them. Exits 0 when connection mode can work, 1 when it cannot; what is missing beyond that is listed
      with what is lost.

      EXAMPLES
        swerve doctor
        swerve doctor --json | jq '.findings[] | select(.status != "available")'
        swerve doctor --json | jq '.selfTest[] | select(.passed | not)'
      """)

  @OptionGroup var output: OutputOptions

  private struct Diagnosis: Encodable {
    var kernel: String
    var ready: Bool
    var findings: [Feature]
    /// Whether requests can be steered in the kernel.
    var acceleration: Bool
    var selfTest: [SelfTest.Outcome]
  }

  func run() async throws {
    let findings = environment() + Feature.probeAll()
    let ready = findings.allSatisfy { $0.status == .available || !$0.required }
    let selfTest = SelfTest().run()
    let acceleration = SelfTest.obstacles(selfTest).isEmpty
    if output.json {
      try OutputOptions.printJSON(
        Diagnosis(
          kernel: kernel(), ready: ready, findings: findings, acceleration: acceleration, selfTest: selfTest))
    } else {
      print("kernel \(kernel())\n")
      var table = TextTable([("FEATURE", .left), ("STATUS", .left), ("LOST WITHOUT IT", .left)])
      for finding in findings {
        table.add([finding.name, finding.status.rawValue, finding.status == .available ? "" : finding.without])
      }
      print(table.text)
      print("\n\(DoctorCommand.table(selfTest).text)")
      print(ready ? "\nConnection mode works here." : "\nConnection mode does not work here.")
      print(
        acceleration
          ? "Requests can be steered in the kernel."
          : "Requests cannot be steered in the kernel; the relay carries them.")
    }
    if !ready { throw ExitCode.failure }
  }

  private static func table(_ outcomes: [SelfTest.Outcome]) -> TextTable {
    var table = TextTable([("SELF-TEST", .left), ("RESULT", .left), ("FOUND", .left)])
    for outcome in outcomes {
      let result = outcome.passed ? "passed" : outcome.required ? "FAILED" : "limitation"
      table.add([outcome.name, result, outcome.detail])
    }
    return table
  }

  private func environment() -> [Feature] {
    let missing = Set(Privileges().missing)
    var findings = Privileges.needed.map { capability in
      Feature(
        name: "capability \(capability.name)", status: missing.contains(capability) ? .missing : .available,
        required: capability.required, without: "cannot \(capability.purpose)")
    }
    let cgroup = CgroupPath.mountPoint()
    findings.append(
      Feature(
        name: "cgroup v2 at \(cgroup ?? "no mount point")", status: cgroup == nil ? .missing : .available,
        required: true, without: "there is nothing to attach to; mount -t cgroup2 none /sys/fs/cgroup"))
    let bpffs = MountTable.read().first { $0.type == "bpf" }?.path
    findings.append(
      Feature(
        name: "bpffs at \(bpffs ?? "no mount point")", status: bpffs == nil ? .missing : .available, required: false,
        without: "`swerve run` mounts it at /sys/fs/bpf"))
    return findings
  }

  private func kernel() -> String {
    var name = utsname()
    uname(&name)
    return withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
