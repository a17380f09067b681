// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

extension KernelTests.RequestModeTests {
  /// Programs that nobody wrote for these tests.
  @Suite struct ProgramTests {
    @Test(arguments: [RequestService.files, .remoteFiles])
    func curlKeepsItsConnection(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let taken = try node.paths(service) {
          let urls = try (0..<20).map { _ in try "http://\(service.vip)/constant" }
          let curl = try node.start("curl", ["-sS", "--max-time", "20"] + urls)
          #expect(try curl.wait(timeout: .seconds(20)) == .exited(0), "\(curl.errors)")
          #expect(curl.output == String(repeating: "constant\n", count: 20))
        }
        #expect(taken == [service.path: 20])
      }
    }

    /// nginx's WebDAV: a file stored by PUT comes back by GET. curl expects 100-continue for what is large.
    @Test(arguments: [RequestService.files, .remoteFiles])
    func curlStoresAndGetsBackAFile(_ service: RequestService) throws {
      try RequestNode.use { node in
        let directory = try TemporaryDirectory(named: "swerve-curl")
        try Data(patterned(3_000_000)).write(to: URL(filePath: "\(directory.path)/sent"))
        let url = try "http://\(service.vip)/stored/file-\(service.rawValue)"
        let put = try node.start("curl", ["-sS", "--fail", "--max-time", "20", "-T", "\(directory.path)/sent", url])
        #expect(try put.wait(timeout: .seconds(20)) == .exited(0), "\(put.errors)")
        let get = try node.start("curl", ["-sS", "--fail", "--max-time", "20", "-o", "\(directory.path)/got", url])
        #expect(try get.wait(timeout: .seconds(20)) == .exited(0), "\(get.errors)")
        let got = try Data(contentsOf: URL(filePath: "\(directory.path)/got"))
        #expect(Array(got) == patterned(3_000_000))
      }
    }

    @Test(arguments: [RequestService.files, .remoteFiles])
    func wrkIsServedWithoutAnError(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        var requests = 0
        let taken = try node.paths(service) {
          let result = try Wrk(connections: 32, duration: .seconds(1)).run(service.vip, path: "/constant")
          #expect(result.statusErrors == 0)
          #expect(result.socketErrors == 0)
          requests = result.requests
        }
        #expect(requests > 1000)
        // A few when the warm connections do not suffice yet.
        #expect(taken[service.path, default: 0] > requests * 9 / 10, "\(taken)")
      }
    }

    @Test(.enabled("needs ab of apache2-utils") { Programs.find("ab") != nil }, arguments: [true, false])
    func abIsServedWithoutAnError(_ keepsConnections: Bool) throws {
      try RequestNode.use { node in
        // HTTP/1.0, with and without keep-alive.
        let options = (keepsConnections ? ["-k"] : []) + ["-q", "-n", "1000", "-c", "10"]
        let ab = try node.start("ab", options + ["http://\(RequestService.files.vip)/constant"])
        #expect(try ab.wait(timeout: .seconds(30)) == .exited(0), "\(ab.errors)")
        #expect(ab.output.contains("Complete requests:      1000"), "\(ab.output)")
        #expect(ab.output.contains("Failed requests:        0"), "\(ab.output)")
        #expect(!ab.output.contains("Non-2xx"), "\(ab.output)")
      }
    }

    @Test(arguments: ["HTTP/1.0", "HTTP/1.1"])
    func pythonsServerServesAFile(_ version: String) throws {
      try RequestNode.use { node in
        let host = version == "HTTP/1.0" ? "127.0.1.10" : "127.0.1.11"
        let server = try RequestServer.httpServer(host, version: version, in: node.cgroup)
        let name = version == "HTTP/1.0" ? "python-old" : "python"
        let vip = try node.publish(name, at: address(version == "HTTP/1.0" ? "127.96.1.40" : "127.96.1.41", 80), server)
        let client = try HTTPConnection(vip)
        for _ in 0..<5 {
          let response = try client.get("/pattern")
          #expect(response.body == Pattern.block)
          #expect(try client.get("/missing").status == 404)
        }
        client.raw.close()
        try node.withdraw(name, server)
      }
    }
  }
}
