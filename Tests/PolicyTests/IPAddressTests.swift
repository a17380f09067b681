// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@Suite struct IPAddressTests {
  @Test(arguments: ["127.0.0.1", "255.255.255.255", "fd00::1", "::1", "2001:db8::8:800:200c:417a"])
  func textSurvives(_ text: String) {
    #expect(IPAddress(text)?.description == text)
  }

  @Test(arguments: [
    "", "127.0.0", "127.0.0.1.", "127.0.0.01", "0x7f.0.0.1", "127.0.0.1\0", "127.0.0.1 ", "fe80::1%lo", "[::1]", "1",
    "::1::", "256.0.0.1", String(repeating: "1", count: 100),
  ])
  func whatInetPtonRefusesIsNoAddress(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func ipv4IsMapped() {
    #expect(IPAddress("1.2.3.4") == IPAddress("::ffff:1.2.3.4"))
    #expect(IPAddress("1.2.3.4") == IPAddress(high: 0, low: 0xffff_0102_0304))
    #expect(IPAddress("1.2.3.4")?.isIPv4 == true && IPAddress("::102:304")?.isIPv4 == false)
  }

  @Test func orderIsNumeric() throws {
    let texts = ["::1", "127.0.0.2", "127.0.0.10", "fd00::1"]
    let addresses = try texts.map { try #require(IPAddress($0)) }
    #expect(addresses.reversed().sorted().map(\.description) == texts)
  }
}
