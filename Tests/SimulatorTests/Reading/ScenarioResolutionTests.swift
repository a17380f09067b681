// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator
import Testing

@Suite struct ScenarioResolutionTests {
  private func scenario(_ groups: EndpointGroup..., policies: [String] = ["web.yaml"]) -> Scenario {
    var scenario = Scenario(
      name: "test", duration: 1_000_000_000, load: [LoadPhase(.requestsPerSecond(1))], endpoints: groups)
    scenario.policy.paths = policies
    return scenario
  }

  private func service(_ name: String = "default/web:http", endpoints: Int = 3) -> Service {
    Service(
      name: name, frontends: [Frontend(address: IPAddress(ipv4: 0x7f60_0001), port: 80)], loadBalancer: .maglev,
      appProtocol: "http",
      endpoints: (0..<endpoints).map { Endpoint(address: IPAddress(ipv4: 0x7f00_0101 + UInt32($0)), port: 8080) },
      source: SourceLocation(file: "web.yaml", line: 1, column: 1))
  }

  private func failure(_ scenario: Scenario, _ services: [Service]) -> String? {
    do {
      _ = try ResolvedScenario.resolve(scenario, services: services)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func withoutPolicyFilesAServiceIsMadeOfTheGroups() throws {
    var other = EndpointGroup(name: "other", count: 300)
    other.weight = 7
    other.zone = "b"
    let resolved = try ResolvedScenario.resolve(
      scenario(EndpointGroup(name: "web", count: 2), other, policies: []), services: [])
    let service = resolved.service
    #expect(service.name == "default/test:80" && service.isPerRequest && service.loadBalancer == .leastRequest)
    #expect(service.settings == TrafficSettings())
    #expect(service.endpoints == service.endpoints.sorted())
    #expect(service.endpoints[0].address.description == "127.96.0.1" && service.endpoints[0].port == 80)
    #expect(service.endpoints[301].address.description == "127.96.1.46")
    #expect(service.endpoints.map(\.weight).prefix(3) == [1, 1, 7])
    #expect(service.endpoints[1].zone == nil && service.endpoints[2].zone == "b")
    #expect(resolved.endpointIndices == Array(0..<302) && !resolved.hasFallback)
  }

  @Test func connectionModeMakesAServiceWithoutAProtocol() throws {
    var scenario = scenario(EndpointGroup(name: "web"), policies: [])
    scenario.clients.mode = .connection
    #expect(try ResolvedScenario.resolve(scenario, services: []).service.appProtocol == nil)
  }

  @Test func endpointsAreFoundByAddressAndTheOthersInOrder() throws {
    var named = EndpointGroup(name: "b", count: 1)
    named.addresses = ["127.0.1.2:8080"]
    let resolved = try ResolvedScenario.resolve(
      scenario(EndpointGroup(name: "a", count: 1), named, EndpointGroup(name: "c")), services: [service()])
    #expect(resolved.endpointIndices == [0, 1, 2])
    let turned = try ResolvedScenario.resolve(
      scenario(named, EndpointGroup(name: "a", count: 2)), services: [service()])
    #expect(turned.endpointIndices == [1, 0, 2])
    #expect(turned.service.loadBalancer == .maglev)
  }

  @Test(arguments: ["web", "default/web", "web:http", "default/web:http"])
  func serviceMayBeCalledByLess(name: String) throws {
    var scenario = scenario(EndpointGroup(name: "web", count: 3))
    scenario.policy.service = name
    let resolved = try ResolvedScenario.resolve(
      scenario, services: [service("default/db:sql", endpoints: 9), service()])
    #expect(resolved.service.name == "default/web:http")
  }

  @Test func fallbackIsNoticed() throws {
    var settings = TrafficSettings()
    settings.fallback = .response(Array("HTTP/1.1 200 OK\r\n\r\n".utf8))
    let plain = service()
    let service = Service(
      name: plain.name, frontends: plain.frontends, loadBalancer: .random, endpoints: plain.endpoints,
      settings: settings, source: plain.source)
    #expect(
      try ResolvedScenario.resolve(scenario(EndpointGroup(name: "web", count: 3)), services: [service]).hasFallback)
  }

  @Test func oneGroupHasAsManyEndpointsAsTheService() throws {
    let four = scenario(EndpointGroup(name: "web", count: 4))
    #expect(try four.fitted(to: [service()]).endpointCount == 3)
    let two = scenario(EndpointGroup(name: "a", count: 2), EndpointGroup(name: "b", count: 2))
    #expect(try two.fitted(to: [service()]) == two, "several groups are left as they are")
  }

  @Test func anEndpointThatIsSpokenOfMustBeThere() {
    var four = scenario(EndpointGroup(name: "web", count: 4))
    four.timeline = [TimelineEvent(at: 0, target: EventTarget(group: "web", indices: [3]), .crash)]
    #expect(throws: ScenarioError.self) { try four.fitted(to: [service()]) }
    #expect(throws: Never.self) { try four.fitted(to: [service(endpoints: 8)]) }
  }

  @Test func whatDoesNotGoTogetherIsSaidWithANextStep() {
    let three = scenario(EndpointGroup(name: "web", count: 3))
    #expect(
      failure(three, [])
        == "test: spec.policies: the files define no service; add a file with a Service and its EndpointSlice")
    #expect(
      failure(three, [service(), service("default/db:sql")])
        == "test: spec.policies: the files define 2 services; name one in `service`: default/db:sql, default/web:http")
    #expect(
      failure(scenario(EndpointGroup(name: "web", count: 4)), [service()])
        == "test: spec.endpoints: 4 endpoints, but default/web:http has 3; "
        + "change the counts of the groups or the EndpointSlice")
    var named = three
    named.policy.service = "default/wbe:http"
    #expect(
      failure(named, [service()])
        == "test: spec.service: no service of the policy files is called `default/wbe:http`; "
        + "did you mean `default/web:http`?")
    named.policy.service = "web"
    #expect(
      failure(named, [service(), service("shop/web:http")])
        == "test: spec.service: `web` fits 2 services; name one: default/web:http, shop/web:http")
    var group = EndpointGroup(name: "web", count: 3)
    group.addresses = ["127.0.1.1:8080", "127.0.1.2:8080", "127.0.1.9:8080"]
    #expect(
      failure(scenario(group), [service()])
        == "test: spec.endpoints: group `web`: default/web:http has no endpoint 127.0.1.9:8080, or it is taken; "
        + "it has 127.0.1.1:8080, 127.0.1.2:8080, 127.0.1.3:8080")
    group.addresses = ["127.0.1.1:8080"]
    #expect(failure(scenario(group), [service()])?.contains("1 addresses for 3 endpoints") == true)
  }
}
