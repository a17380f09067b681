// SPDX-License-Identifier: Apache-2.0

import Policy
import Testbed
import Testing

/// Rules in a store that changes.
@Suite struct RuleStoreTests {
  private typealias Rules = RuleFixtures

  private func limit(_ number: Int) -> String { "connectionPool: {tcp: {maxConnections: \(number)}}" }

  @Test func ruleChangesOnlyTheServicesOfItsHost() {
    var store = Fixtures.store(
      Fixtures.parse(Fixtures.service("a", ip: "127.96.0.1") + Fixtures.service("b", ip: "127.96.0.2"), path: "s.yaml"))
    let change = store.replace(Fixtures.parse(Rules.destinationRule(limit(1), host: "a"), path: "r.yaml"))
    #expect(change.upserted.map(\.name) == ["default/a:http"])
    let wild = store.replace(Fixtures.parse(Rules.destinationRule(limit(2), host: "*", name: "all"), path: "w.yaml"))
    #expect(wild.upserted.map(\.name) == ["default/b:http"])
    let back = store.remove(path: "r.yaml")
    #expect(back.upserted.map(\.settings.maxConnections) == [2])
    #expect(store.remove(path: "w.yaml").upserted.count == 2)
    #expect(store.services.values.allSatisfy { $0.settings == TrafficSettings() })
  }

  @Test func ruleMayComeBeforeItsService() {
    var store = Fixtures.store(Fixtures.parse(Rules.destinationRule(limit(1), host: "*.default"), path: "r.yaml"))
    #expect(store.diagnostics.map(\.severity) == [.warning])
    let change = store.replace(Fixtures.parse(Rules.web, path: "web.yaml"))
    #expect(change.upserted.map(\.settings.maxConnections) == [1, 1] && store.diagnostics.isEmpty)
  }

  /// A small file of any kind, most of them in each other's way.
  private func randomFile(_ path: String, _ generator: inout SeededGenerator) -> ParsedFile {
    func name() -> String { "s\(Int.random(in: 0..<3, using: &generator))" }
    let own = name()
    let text: String
    switch Int.random(in: 0..<6, using: &generator) {
    case 0, 1:
      let ip = "127.96.0.\(Int.random(in: 1..<3, using: &generator))"
      let port = Bool.random(using: &generator) ? "{name: http, port: 80, appProtocol: http}" : "{name: http, port: 80}"
      text = Fixtures.service(own, ip: ip, port: port) + Fixtures.slice("\(own)-1", of: own)
    case 2, 3:
      let host = ["s0", "s1", "s2", "*", "*.default", "s0.default.svc"].randomElement(using: &generator) ?? "*"
      let policy = "\(limit(Int.random(in: 1..<9, using: &generator))), loadBalancer: {localityLbSetting: {}}"
      text = Rules.destinationRule(policy, host: host, name: own, extra: "subsets: [{name: \(name())}]")
    case 4:
      let route = Rules.virtualService("timeout: 1s", destination: "host: web, subset: \(name())", name: name())
      text = route.replacing("web", with: own)
    default:
      let fallback = "fallback: {service: \(name()):http}"
      text = Rules.trafficPolicy(fallback, host: Bool.random(using: &generator) ? own : "\"*\"", name: name())
    }
    return Fixtures.parse(text, path: path)
  }

  /// The same files in any order and with any detours end in the same state.
  @Test func stateDependsOnTheFilesOnly() {
    var generator = SeededGenerator(seed: 20_261_125)
    var kinds: Set<String> = []
    for _ in 0..<300 {
      var incremental = PolicyStore(zone: "a")
      var current: [String: ParsedFile] = [:]
      for _ in 0..<20 {
        let path = "f\(Int.random(in: 0..<8, using: &generator)).yaml"
        if Int.random(in: 0..<4, using: &generator) == 0 {
          current[path] = nil
          _ = incremental.remove(path: path)
        } else {
          let file = randomFile(path, &generator)
          #expect(!file.hasErrors, "\(file.diagnostics)")
          current[path] = file
          _ = incremental.replace(file)
        }
      }
      var fresh = PolicyStore(zone: "a")
      _ = fresh.apply(replacing: Array(current.values), removing: [])
      #expect(incremental.services == fresh.services)
      #expect(incremental.diagnostics == fresh.diagnostics)
      for path in current.keys { #expect(incremental.errors(path: path) == fresh.errors(path: path)) }
      kinds.formUnion(fresh.diagnostics.map { String($0.message.prefix(12)) })
    }
    // The files were in each other's way in many ways.
    #expect(kinds.count >= 8, "\(kinds)")
  }

  /// A second when optimized, on an idle machine; this run shares one with others.
  @Test func tenThousandServicesWithRulesLoadSoon() {
    let text = (0..<10_000).map { number in
      let name = "s\(number)"
      return Fixtures.service(name, ip: "127.\(96 + number >> 16).\(number >> 8 & 255).\(number & 255)")
        + Fixtures.slice("\(name)-1", of: name)
        + Rules.destinationRule("\(limit(number + 1)), outlierDetection: {}", host: name, name: name)
    }
    let clock = ContinuousClock()
    var store = PolicyStore()
    let elapsed = clock.measure {
      let files = text.enumerated().map { Fixtures.parse($0.element, path: "\($0.offset).yaml") }
      _ = store.apply(replacing: files, removing: [])
    }
    #expect(store.services.count == 10_000 && store.diagnostics.isEmpty)
    #expect(store.services["default/s41:http"]?.settings.maxConnections == 42)
    #expect(elapsed < .seconds(60))
    let one = clock.measure {
      let rule = Rules.destinationRule(limit(7), host: "s41", name: "s41")
      let file = Fixtures.parse(Fixtures.service("s41", ip: "127.96.0.41") + rule, path: "41.yaml")
      #expect(store.replace(file).upserted.count == 1)
    }
    #expect(one < .seconds(1))
  }
}
