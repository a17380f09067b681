// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

@Suite(Requirement.namespaces) struct NetworkNamespaceTests {
  @Test func namespaceHasALoopbackOfItsOwn() throws {
    let namespace = try NetworkNamespace()
    let outside = try RawListener(on: address("127.0.0.1"))
    let there = outside.address
    let error = try namespace.run {
      do {
        _ = try RawConnection(to: there)
        return ""
      } catch let error as SystemCallError {
        return error.description
      }
    }
    #expect(error.contains("Connection refused"))
  }

  @Test(arguments: [("10.1.0.1/24", "10.1.0.2/24", "10.1.0.1"), ("fd00::1/64", "fd00::2/64", "fd00::1")])
  func vethConnectsTwoNamespaces(left: String, right: String, host: String) throws {
    let (server, client) = (try NetworkNamespace(), try NetworkNamespace())
    try NetworkNamespace.connect(server, [left], client, [right])
    let wanted = try address(host)
    let listener = try server.run { try RawListener(on: wanted) }
    let peer = try client.run { [there = listener.address] in try RawConnection(to: there).peerName() }
    #expect(peer == listener.address.description)
    #expect(listener.drain() == 1)
  }

  @Test func childIsBornInItsNamespace() throws {
    let namespace = try NetworkNamespace()
    let child = try ChildProcess("ip", ["-o", "link"], .init(network: namespace))
    #expect(try child.wait(timeout: .seconds(10)) == .exited(0))
    #expect(child.output.split(separator: "\n").allSatisfy { $0.contains("lo:") || $0.contains("DOWN") })
  }
}
