// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

@Suite struct ServiceFileTests {
  @Test func endpointsAreSplitBySliceSizePortAndFamily() throws {
    let endpoints =
      try (0..<150).map { try address("127.1.0.\($0)", 80) } + [address("127.1.0.1", 81), address("::1", 80)]
    let file = ServiceFile(name: "web", address: try address("127.96.0.1", 80), endpoints: endpoints)
    let documents = file.yaml.split(separator: "---\n")
    #expect(documents.count == 1 + 2 + 1 + 1)
    #expect(documents.filter { $0.contains("kind: EndpointSlice") }.count == 4)
    #expect(documents.filter { $0.contains("addressType: IPv6") }.count == 1)
    #expect(file.yaml.split(separator: "- addresses:").count - 1 == endpoints.count)
  }

  @Test func loadBalancerIsAnAnnotation() throws {
    let file = ServiceFile(
      name: "web", address: try address("127.96.0.1", 80), endpoints: [], loadBalancer: .peakEWMA)
    #expect(file.yaml.contains("    swerve.dev/load-balancer: PEAK_EWMA\n"))
  }

  @Test func writingReplacesTheFileAndLeavesNothingElse() throws {
    let directory = try TemporaryDirectory()
    let file = ServiceFile(name: "web", address: try address("127.96.0.1", 80), endpoints: [])
    let path = try file.write(to: directory.path)
    try file.write(to: directory.path)
    #expect(Files.tree(directory.path) == [path])
    #expect(try Files.read(path) == file.yaml)
  }
}
