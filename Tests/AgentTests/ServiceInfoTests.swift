// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import Testing

@testable import Agent

@Suite struct ServiceInfoTests {
  @Test(arguments: [0, 1, 7, 8, 198, 199]) func nameIsReadBack(length: Int) {
    let name = String(repeating: "n", count: length)
    #expect(swerve_service_info(name: name, frontends: []).serviceName == name)
  }

  @Test func tooLongNameIsCutAndStaysTerminated() {
    let info = swerve_service_info(name: String(repeating: "n", count: 500), frontends: [])
    #expect(info.serviceName.count == Int(SWERVE_NAME_SIZE) - 1)
    #expect(withUnsafeBytes(of: info.name) { $0.last } == 0)
  }

  @Test(arguments: [
    [], ["127.96.0.1"], ["127.96.0.1", "203.0.113.7"], ["fd00::1"], ["fd00::1", "2001:db8::2"],
  ])
  func frontendsAreReadBack(addresses: [String]) {
    let frontends = addresses.compactMap(IPAddress.init(_:)).map { Frontend(address: $0, port: 8443) }
    #expect(frontends.count == addresses.count)
    #expect(swerve_service_info(name: "a", frontends: frontends).publishedFrontends == frontends)
  }

  @Test func frontendIsTheKeyTheKernelLooksUp() {
    let frontend = swerve_frontend(Frontend(address: IPAddress(ipv4: 0x7f60_0001), port: 80))
    let bytes = withUnsafeBytes(of: frontend) { [UInt8]($0) }
    #expect(bytes == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 96, 0, 1, 0, 80, 6, 0, 0, 0, 0, 0])
  }
}
