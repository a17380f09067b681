// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import SwerveABI
import Testing

/// What accepted files mean.
@Suite struct MeaningTests {
  private func endpoints(_ slice: String, service: String = Fixtures.service()) throws -> [String] {
    let file = Fixtures.parse(service + slice)
    #expect(file.diagnostics.isEmpty)
    let resolved = try #require(Fixtures.store(file).services["default/web:http"])
    return resolved.endpoints.map { "\($0.address):\($0.port)*\($0.weight)" }
  }

  @Test func readinessDecidesWhoTakesNewConnections() throws {
    let slice = Fixtures.slice(
      endpoints: """
        {addresses: [127.0.1.1]}, {addresses: [127.0.1.2], conditions: {ready: false}},
        {addresses: [127.0.1.3], conditions: {ready: true, terminating: true}},
        {addresses: [127.0.1.4], conditions: {ready: null, serving: false}}
        """)
    #expect(
      try endpoints(slice) == ["127.0.1.1:8080*1", "127.0.1.2:8080*0", "127.0.1.3:8080*0", "127.0.1.4:8080*1"])
    let all = Fixtures.service(extra: "publishNotReadyAddresses: true")
    #expect(
      try endpoints(slice, service: all)
        == ["127.0.1.1:8080*1", "127.0.1.2:8080*1", "127.0.1.3:8080*0", "127.0.1.4:8080*1"])
  }

  @Test func weightsComeFromAnnotationsAndZeroDrains() throws {
    let slice = Fixtures.slice(
      annotations: #"{swerve.dev/weight: "3", swerve.dev/weights: "127.0.1.2=0, 127.0.1.3=65535"}"#,
      endpoints: "{addresses: [127.0.1.3, 127.0.1.1, 127.0.1.2]}")
    #expect(try endpoints(slice) == ["127.0.1.1:8080*3", "127.0.1.2:8080*0", "127.0.1.3:8080*65535"])
  }

  @Test func endpointInTwoSlicesIsMergedAndTheLargerWeightWins() throws {
    let slices =
      Fixtures.slice("web-1", annotations: #"{swerve.dev/weight: "2"}"#)
      + Fixtures.slice("web-2", endpoints: "{addresses: [127.0.1.1]}, {addresses: [127.0.0.9]}")
    #expect(try endpoints(slices) == ["127.0.0.9:8080*1", "127.0.1.1:8080*2"])
  }

  @Test func zoneOfTheEndpointWinsOverTheAnnotation() throws {
    let slice = Fixtures.slice(
      annotations: "{swerve.dev/zone: zone-a}",
      endpoints: "{addresses: [127.0.1.1]}, {addresses: [127.0.1.2], zone: zone-b, nodeName: node-1}")
    let service = try #require(Fixtures.store(Fixtures.parse(Fixtures.service() + slice)).services.first?.value)
    #expect(service.endpoints.map(\.zone) == ["zone-a", "zone-b"])
    #expect(service.endpoints.map(\.nodeName) == [nil, "node-1"])
  }

  @Test func slicePortsAreMatchedByName() throws {
    let service = Fixtures.service(port: "{name: http, port: 80}, {name: admin, port: 81}")
    let slice = Fixtures.slice(port: "{name: admin, port: 9000}, {name: http, port: 8080}")
    let services = Fixtures.store(Fixtures.parse(service + slice)).sortedServices
    #expect(services.map(\.name) == ["default/web:admin", "default/web:http"])
    #expect(services.map { $0.endpoints.map(\.port) } == [[9000], [8080]])
  }

  @Test(arguments: [
    ("{}", "", LoadBalancer.leastRequest), ("{swerve.dev/load-balancer: MAGLEV}", "", .maglev),
    ("{swerve.dev/load-balancer: PEAK_EWMA}", "sessionAffinity: ClientIP", .sourceIP),
    ("{swerve.dev/load-balancer: RANDOM}", "sessionAffinity: None", .random),
  ])
  func loadBalancer(_ annotations: String, _ extra: String, _ expected: LoadBalancer) throws {
    let file = Fixtures.parse(Fixtures.service(annotations: annotations, extra: extra))
    #expect(Fixtures.store(file).services["default/web:http"]?.loadBalancer == expected)
  }

  @Test func serviceOfBothFamiliesMakesOneKernelServicePerFamily() throws {
    let service = Fixtures.service(extra: #"externalIPs: ["fd00::1", 127.97.0.1]"#)
    let slices = Fixtures.slice() + Fixtures.slice("web-6", type: "IPv6", endpoints: #"{addresses: ["fd00::9"]}"#)
    let services = Fixtures.store(Fixtures.parse(service + slices)).sortedServices
    #expect(services.map(\.name) == ["default/web:http/ipv4", "default/web:http/ipv6"])
    #expect(
      services.map { $0.frontends.map(\.description) } == [["127.96.0.1:80", "127.97.0.1:80"], ["[fd00::1]:80"]])
    #expect(services.map { $0.endpoints.map(\.address.description) } == [["127.0.1.1"], ["fd00::9"]])
  }

  @Test func headlessServiceHasNoFrontend() {
    let store = Fixtures.store(Fixtures.parse(Fixtures.service(ip: "None") + Fixtures.slice()))
    #expect(store.services.isEmpty && store.diagnostics.isEmpty)
  }

  @Test func unnamedPortIsCalledByItsNumber() {
    let file = Fixtures.parse(Fixtures.service(port: "{port: 80}") + Fixtures.slice(port: #"{name: "", port: 8080}"#))
    #expect(Fixtures.store(file).services["default/web:80"]?.endpoints.count == 1)
  }

  @Test func unsupportedPortIsLeftOutWhenAllowed() {
    let text = Fixtures.service(port: "{name: http, port: 80}, {name: dns, port: 53, protocol: UDP}") + Fixtures.slice()
    #expect(Fixtures.parse(text).hasErrors)
    let file = Fixtures.parse(text, allowUnsupported: true)
    #expect(!file.hasErrors && file.diagnostics.map(\.severity) == [.warning])
    #expect(Fixtures.store(file).services.keys.sorted() == ["default/web:http"])
  }

  @Test func nullFieldsAreAbsent() {
    let service = Fixtures.service(extra: "sessionAffinity: null\n  externalIPs: ~\n  trafficDistribution:")
    #expect(Fixtures.errors(service + Fixtures.slice()) == [])
  }

  @Test func longestNameFitsTheKernelsRecord() throws {
    let name = String(repeating: "w", count: 63)
    let text = Fixtures.service(name, port: "{name: \(name), port: 80}")
      .replacing("metadata: {", with: "metadata: {namespace: \(name), ")
    #expect(Fixtures.errors(text) == [])
    // The longest there is has a family at its end.
    #expect("\(name)/\(name):\(name)/ipv6".utf8.count < SWERVE_NAME_SIZE)
  }

  @Test func modelSurvivesJSON() throws {
    let slice = Fixtures.slice(endpoints: "{addresses: [127.0.1.1], zone: zone-a, nodeName: node-1}")
    let service = try #require(Fixtures.store(Fixtures.parse(Fixtures.service() + slice)).services.first?.value)
    let data = try JSONEncoder().encode(service)
    #expect(try JSONDecoder().decode(Service.self, from: data) == service)
    #expect(String(decoding: data, as: UTF8.self).contains("\"127.0.1.1\""))
  }

  @Test func endpointIsSmall() {
    #expect(MemoryLayout<Endpoint>.stride == 32)
  }

  /// A node may hold 16,384 of these, in a table and in a change.
  @Test func serviceIsSmall() {
    #expect(MemoryLayout<Service>.stride <= 96)
  }

  @Test func everyServiceHasItsOwnSettingsHoweverManyThereAre() throws {
    let wanted = (0..<3000 as Range<UInt32>).map { number in
      var settings = TrafficSettings()
      settings.maxRequests = number / 2
      if number % 5 == 0 { settings.fallback = .response([UInt8(number % 256)]) }
      return settings
    }
    let services = wanted.map { settings in
      Service(
        name: "default/web:http", frontends: [], loadBalancer: .random, endpoints: [], settings: settings,
        source: SourceLocation(file: "a.yaml", line: 1, column: 1))
    }
    #expect(services.map(\.settings) == wanted)
    for (index, service) in services.enumerated().dropFirst() {
      let isSame = wanted[index] == wanted[index - 1]
      try #require((service == services[index - 1]) == isSame)
      try #require(service.hasSameMeaning(as: services[index - 1]) == isSame)
    }
  }
}
