// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Dataplane

@Suite struct PrivilegesTests {
  private func missing(_ bits: Int...) -> [String] {
    let mask = bits.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
    return Privileges(status: Self.status(mask)).missing.map(\.name)
  }

  private static func status(_ effective: UInt64) -> String {
    let digits = String(effective, radix: 16)
    let field = String(repeating: "0", count: 16 - digits.count) + digits
    return """
      Name:\tswerve
      Uid:\t1000\t1000\t1000\t1000
      CapInh:\t0000000000000000
      CapPrm:\t000001ffffffffff
      CapEff:\t\(field)
      CapBnd:\t000001ffffffffff
      Seccomp:\t0

      """
  }

  @Test func withoutCapabilitiesAllAreMissing() {
    #expect(missing() == ["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON", "CAP_SYS_PTRACE", "CAP_SYS_ADMIN"])
  }

  @Test func rootLacksNothing() {
    #expect(Privileges(status: Self.status(0x1ff_ffff_ffff)).missing.isEmpty)
    #expect(missing(39, 12, 38, 19, 21).isEmpty)
  }

  @Test func administratorMayDoWhatBPFAndPerformanceMonitoringMay() {
    #expect(missing(21) == ["CAP_NET_ADMIN", "CAP_SYS_PTRACE"])
    #expect(missing(21, 12, 19).isEmpty)
  }

  @Test(arguments: zip([39, 12, 38, 19, 21], Privileges.needed.map(\.name)))
  func eachCapabilityHasItsBit(bit: Int, name: String) {
    let others = [39, 12, 38, 19, 21].filter { $0 != bit }.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
    let lost = Privileges(status: Self.status(others)).missing.map(\.name)
    // CAP_SYS_ADMIN among the others stands in for two.
    #expect(lost == (["CAP_BPF", "CAP_PERFMON"].contains(name) ? [] : [name]))
  }

  @Test(arguments: ["", "CapEff:", "CapEff:\tnonsense", "CapPrm:\t000001ffffffffff\n"])
  func unreadableStatusMeansNoCapability(status: String) {
    #expect(Privileges(status: status).missing.count == Privileges.needed.count)
  }
}
