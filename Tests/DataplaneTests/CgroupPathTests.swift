// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testbed
import Testing

@testable import Dataplane

@Suite struct CgroupPathTests {
  @Test func directoryElsewhereIsRefusedWithTheMountPoint() throws {
    let directory = try TemporaryDirectory()
    let error = #expect(throws: DataplaneError.self) { try CgroupPath(directory.path) }
    let mountPoint = CgroupPath.mountPoint() ?? "no place on this machine"
    #expect(error?.action == "attach to \(directory.path): not a cgroup v2 directory")
    #expect(error?.advice == "cgroup v2 is mounted at \(mountPoint)")
    #expect(error?.code == .environment)
  }

  @Test func missingDirectoryIsRefusedWithItsPath() {
    let error = #expect(throws: DataplaneError.self) { try CgroupPath("/proc/no-such-cgroup") }
    #expect(error?.errno == ENOENT)
    #expect(error?.description.contains("/proc/no-such-cgroup") == true)
  }

  @Test func fileIsNoCgroup() throws {
    let directory = try TemporaryDirectory()
    let file = try directory.write("file", "")
    let error = #expect(throws: DataplaneError.self) { try CgroupPath(file) }
    #expect(error?.errno == ENOTDIR)
  }

  @Test(.enabled("needs cgroup v2") { CgroupPath.mountPoint() != nil }) func mountPointIsACgroup() throws {
    let path = try #require(CgroupPath.mountPoint())
    let cgroup = try CgroupPath(path)
    #expect(cgroup.path == path && cgroup.id != 0)
  }
}
