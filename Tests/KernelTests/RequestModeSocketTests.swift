// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

extension KernelTests.RequestModeTests {
  /// What applications do with a socket whose bytes do not come by TCP; see Scripts/client.py.
  @Suite struct SocketTests {
    @Test(arguments: ["peek", "fionread", "with_select", "with_poll", "with_epoll", "with_epoll_edge", "library"])
    func aSteeredSocketBehavesAsTCPDoes(_ test: String) throws {
      try RequestNode.use { node in
        for service in [RequestService.local, .remote] {
          try node.warm(service)
          let taken = try node.paths(service) { try node.runClient(test, service) }
          #expect(taken[service.path, default: 0] > 0)
        }
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aClientMaySendAFile(_ service: RequestService) throws {
      try RequestNode.use { node in
        for size in [1000, 100_000, 3_000_000] { try node.runClient("send_file", service, ["\(size)"]) }
      }
    }

    @Test(arguments: [RequestService.files, .remoteFiles])
    func anEndpointMaySendAFile(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let client = try HTTPConnection(service.vip)
        for _ in 0..<10 {
          let response = try client.get("/pattern")
          #expect(response.body == Pattern.block)
        }
      }
    }

    /// The kernel gives redirected bytes to plain reads only. This test says so: should it fail, splice works now, and
    /// the documentation is to be changed.
    @Test func spliceFromASteeredSocketDoesNotWork() throws {
      try RequestNode.use { node in
        try node.warm()
        let said = try node.runClient("splice", .local)
        #expect(said == "Resource temporarily unavailable")
      }
    }

    /// A kernel's weakness that blocking programs meet: a receive that their own half-close wakes does not wait on. This
    /// test says so: should it fail, the kernel is better than documented.
    @Test func aBlockingReceiveMayBeToldToTryAgain() throws {
      try RequestNode.use { node in
        let said = try node.runClient("again", .local)
        #expect(["EAGAIN", "waited"].contains(said))
      }
    }
  }
}

extension RequestNode {
  /// Runs a test of Scripts/client.py within the cgroup, to its end; what it printed.
  @discardableResult
  func runClient(
    _ test: String, _ target: TCPAddress, _ arguments: [String] = [], timeout: Duration = .seconds(60),
    network: NetworkNamespace? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> String {
    let client = try startClient(test, target, arguments, network: network)
    let ended = try client.wait(timeout: timeout)
    #expect(ended == .exited(0), "\(test) at \(target): \(client.errors)", sourceLocation: sourceLocation)
    return client.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @discardableResult
  func runClient(
    _ test: String, _ service: RequestService, _ arguments: [String] = [], timeout: Duration = .seconds(60),
    sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) throws -> String {
    try runClient(test, service.vip, arguments, timeout: timeout, sourceLocation: sourceLocation)
  }

  func startClient(
    _ test: String, _ target: TCPAddress, _ arguments: [String] = [], network: NetworkNamespace? = nil
  ) throws -> ChildProcess {
    try start(
      Script.python(), [Script.path("client.py"), test, target.host, "\(target.port)"] + arguments, network: network)
  }
}
