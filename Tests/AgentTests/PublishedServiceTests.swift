// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import Testbed
import Testing

@testable import Agent

@Suite struct PublishedServiceTests {
  private static let frontend = Frontend(address: IPAddress(ipv4: 0x7f60_0001), port: 80)

  /// Some of sixteen endpoints, so that two draws share some, sorted as both lists are.
  private func endpoints(_ random: inout SeededGenerator) -> [Endpoint] {
    let density = UInt64.random(in: 0...4, using: &random)
    return (0..<16 as Range<UInt32>).compactMap { number in
      guard UInt64.random(in: 0..<4, using: &random) < density else { return nil }
      // Four addresses, IPv4 and IPv6, of four ports each.
      let address = number < 8 ? IPAddress(ipv4: 0x0a00_0000 + number / 4) : IPAddress(high: 1, low: UInt64(number / 4))
      let weight = UInt16.random(in: 0...2, using: &random)
      // To the kernel a draining one is nothing else.
      let isStandby = weight > 0 && Bool.random(using: &random)
      return Endpoint(address: address, port: UInt16(8000 + number % 4), weight: weight, isStandby: isStandby)
    }.sorted()
  }

  private func published(_ endpoints: [Endpoint]) -> PublishedService {
    var service = PublishedService(id: 1)
    service.members = endpoints.enumerated().map { EndpointSet.Member($1, id: UInt32(100 + $0)) }
    service.frontends = [Self.frontend]
    service.loadBalancer = .random
    service.policy = PolicyImage(TrafficSettings(), fallback: nil)
    return service
  }

  private func service(
    _ endpoints: [Endpoint], _ loadBalancer: LoadBalancer = .random, settings: TrafficSettings = TrafficSettings()
  ) -> Service {
    Service(
      name: "default/web:http", frontends: [Self.frontend], loadBalancer: loadBalancer, endpoints: endpoints,
      settings: settings, source: SourceLocation(file: "a.yaml", line: 1, column: 1))
  }

  private struct Place: Hashable {
    let address: IPAddress
    let port: UInt16
  }

  @Test func matchingAgreesWithSets() throws {
    var random = SeededGenerator(seed: 2)
    for _ in 0..<1000 {
      let (old, new) = (published(endpoints(&random)), endpoints(&random))
      let outcome = old.match(new)
      let ids = Dictionary(uniqueKeysWithValues: old.members.map { (Place(address: $0.address, port: $0.port), $0.id) })
      let wanted = Set(new.map { Place(address: $0.address, port: $0.port) })
      try #require(outcome.known.map { $0?.id } == new.map { ids[Place(address: $0.address, port: $0.port)] })
      let leaving = ids.filter { !wanted.contains($0.key) }.values.sorted()
      try #require(outcome.leaving.map(\.id).sorted() == leaving)
    }
  }

  @Test func sameMeansSameEndpointsWeightsAndStandbys() throws {
    var random = SeededGenerator(seed: 3)
    var equal = 0
    for _ in 0..<1000 {
      let old = endpoints(&random)
      let new = Bool.random(using: &random) ? old : endpoints(&random)
      let isSame = published(old).isSame(as: service(new), fallback: nil)
      try #require(isSame == (Set(old) == Set(new)))
      equal += isSame ? 1 : 0
    }
    #expect(equal > 300)
  }

  @Test func otherAlgorithmOrFrontendIsNotTheSame() {
    let endpoint = Endpoint(address: IPAddress(ipv4: 0x0a00_0001), port: 80)
    var old = published([endpoint])
    #expect(old.isSame(as: service([endpoint]), fallback: nil))
    #expect(!old.isSame(as: service([endpoint], .maglev), fallback: nil))
    old.loadBalancer = nil
    #expect(!old.isSame(as: service([endpoint]), fallback: nil))
    old = published([endpoint])
    old.frontends = []
    #expect(!old.isSame(as: service([endpoint]), fallback: nil))
  }

  @Test func anotherPolicyOrFallbackIsNotTheSame() {
    let endpoint = Endpoint(address: IPAddress(ipv4: 0x0a00_0001), port: 80)
    let old = published([endpoint])
    #expect(!old.isSame(as: service([endpoint]), fallback: 3))
    let changes: [(inout TrafficSettings) -> Void] = [
      { $0.maxConnections = 5 }, { $0.maxRequests = 5 }, { $0.maxPendingRequests = 5 },
      { $0.outlierDetection.consecutive5xxErrors = 5 }, { $0.request.timeoutMilliseconds = 5 },
      { $0.tcpIdleTimeoutMilliseconds = 5 }, { $0.warmup = TrafficSettings.Warmup(durationMilliseconds: 5) },
      { $0.fallback = .response([]) },
    ]
    for change in changes {
      var settings = TrafficSettings()
      change(&settings)
      let changed = service([endpoint], settings: settings)
      #expect(!old.isSame(as: changed, fallback: nil))
      let read = PublishedService(
        id: 1, frontends: [Self.frontend],
        cells: EndpointSet.cells(.random, old.members, settings: settings))
      #expect(read.isSame(as: changed, fallback: nil))
    }
  }

  @Test func whereAnEndpointRunsIsNothingToTheKernel() {
    let address = IPAddress(ipv4: 0x0a00_0001)
    let old = published([Endpoint(address: address, port: 80, zone: "a")])
    #expect(old.isSame(as: service([Endpoint(address: address, port: 80, zone: "b", nodeName: "n")]), fallback: nil))
  }

  @Test func endpointsOfThePolicyAreHeldOnce() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<100 {
      let wanted = endpoints(&random)
      var held = published(wanted)
      let members = held.members
      held.share(service(wanted))
      try #require(held.members == members)
      let isShared = held.endpoints.withUnsafeBufferPointer { held in
        wanted.withUnsafeBufferPointer { held.baseAddress == $0.baseAddress }
      }
      try #require(isShared || wanted.isEmpty)
    }
  }

  @Test func imagesKeepTheirMeaningHoweverManyThereAre() throws {
    var images = SharedImages()
    for number in 0..<3000 as Range<UInt32> {
      var settings = TrafficSettings()
      settings.maxRequests = number / 2
      let image = PolicyImage(settings, fallback: nil)
      try #require(images.shared(image) == image)
      try #require(images.shared(image) == image)
    }
  }

  /// A restarted agent reads back what the last one published.
  @Test(arguments: LoadBalancer.allCases) func cellsAreReadBack(loadBalancer: LoadBalancer) throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<100 {
      let written = published(endpoints(&random))
      let cells = EndpointSet.cells(loadBalancer, written.members)
      try #require(cells.publishedEndpoints.map(\.weight).drop { $0 > 0 }.allSatisfy { $0 == 0 })
      let read = PublishedService(id: 9, frontends: [Self.frontend], cells: cells)
      try #require(read.members == written.members && read.policy == written.policy)
      try #require(read.id == 9 && read.loadBalancer == loadBalancer && read.frontends == [Self.frontend])
    }
  }

  @Test func serviceWithoutAPublishedSetHasNoEndpoints() {
    let read = PublishedService(id: 9, frontends: [], cells: [])
    #expect(read.members.isEmpty && read.loadBalancer == nil && read.frontends.isEmpty)
    #expect([swerve_cell]().publishedEndpoints.isEmpty)
  }

  @Test func unknownAlgorithmIsNoAlgorithm() {
    var header = swerve_set_header()
    header.algorithm = 77
    let read = PublishedService(id: 9, frontends: [], cells: [swerve_cell(header: header)])
    #expect(read.loadBalancer == nil)
  }
}
