// SPDX-License-Identifier: Apache-2.0

import Testbed
import Testing

@testable import Dataplane

@Suite struct MountTableTests {
  private func mounts(_ text: String) throws -> [MountTable.Mount] {
    let directory = try TemporaryDirectory()
    return MountTable.read(try directory.write("mounts", text))
  }

  @Test func mountsAreReadInOrder() throws {
    let read = try mounts(
      """
      proc /proc proc rw,nosuid 0 0
      cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nsdelegate 0 0
      bpf /sys/fs/bpf bpf rw,mode=700 0 0

      """)
    #expect(read.map(\.path) == ["/proc", "/sys/fs/cgroup/unified", "/sys/fs/bpf"])
    #expect(read.map(\.type) == ["proc", "cgroup2", "bpf"])
  }

  @Test func escapedSpacesBecomeSpaces() throws {
    let read = try mounts("/dev/sd\\040a /mnt/two\\040words\\040more ext4 rw 0 0\n")
    #expect(read == [MountTable.Mount(path: "/mnt/two words more", type: "ext4")])
  }

  @Test(arguments: [("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")])
  func everyOtherEscapeOfTheKernelIsDecoded(escape: String, character: String) throws {
    let read = try mounts("none /mnt/a\(escape)b ext4 rw 0 0\n")
    #expect(read.map(\.path) == ["/mnt/a\(character)b"])
  }

  @Test func linesThatAreNoMountsAreLeftOut() throws {
    #expect(try mounts("").isEmpty)
    #expect(try mounts("garbage\n\ntwo fields\na /b c\n").map(\.path) == ["/b"])
    #expect(MountTable.read("/proc/no-such-file").isEmpty)
  }

  @Test func thisMachineHasProc() {
    #expect(MountTable.read().contains(MountTable.Mount(path: "/proc", type: "proc")))
  }
}
