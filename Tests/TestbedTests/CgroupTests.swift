// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

/// Serialized: they move the whole test process.
@Suite(.serialized, Requirement.cgroups) struct CgroupTests {
  @Test func processJoinsAndComesBack() throws {
    let cgroup = try Cgroup(named: "test-join")
    let before = try Cgroup.current()
    let inside = try cgroup.withCurrentProcess { try Cgroup.current() }
    #expect(inside == cgroup.path)
    #expect(try Cgroup.current() == before)
    try cgroup.remove()
  }

  @Test func processComesBackFromAFailure() throws {
    let cgroup = try Cgroup(named: "test-failure")
    let before = try Cgroup.current()
    #expect(throws: CancellationError.self) {
      try cgroup.withCurrentProcess { throw CancellationError() }
    }
    #expect(try Cgroup.current() == before)
    try cgroup.remove()
  }

  @Test func childIsBornInItsCgroup() throws {
    let cgroup = try Cgroup(named: "test-child")
    let child = try ChildProcess("cat", ["/proc/self/cgroup"], .init(cgroup: cgroup))
    #expect(try child.wait(timeout: .seconds(10)) == .exited(0))
    #expect(child.output.contains("0::/swerve-test-child-"))
    try cgroup.remove()
  }

  @Test func cgroupInUseIsNotRemoved() throws {
    let cgroup = try Cgroup(named: "test-busy")
    let child = try ChildProcess("sleep", ["60"], .init(cgroup: cgroup))
    #expect(try cgroup.members() == [child.pid])
    #expect(throws: TestbedError.self) { try cgroup.remove() }
    child.kill()
    try cgroup.remove()
  }
}
