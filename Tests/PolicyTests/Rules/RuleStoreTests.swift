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

  /// The same files in any order and with any detours end in the same state.
  @Test func stateDependsOnTheFilesOnly() {
    var generator = SeededGenerator(state: 20_261_125)
    let hosts = ["s0", "s1", "s2", "*", "*.default", "s0.default.svc"]
    for _ in 0..<150 {
      var incremental = PolicyStore(zone: "a")
      var current: [String: ParsedFile] = [:]
      for _ in 0..<16 {
        let number = Int.random(in: 0..<6, using: &generator)
        let path = "f\(number).yaml"
        if Int.random(in: 0..<4, using: &generator) == 0 {
          current[path] = nil
          _ = incremental.remove(path: path)
          continue
        }
        let name = "s\(Int.random(in: 0..<3, using: &generator))"
        var text =
          Fixtures.service(name, ip: "127.96.0.\(Int.random(in: 1..<3, using: &generator))")
          + Fixtures.slice("\(name)-1", of: name)
        if number >= 2 {
          let host = hosts.randomElement(using: &generator) ?? "*"
          let policy = "\(limit(Int.random(in: 1..<9, using: &generator))), loadBalancer: {localityLbSetting: {}}"
          text = Rules.destinationRule(policy, host: host, name: name)
        }
        let file = Fixtures.parse(text, path: path)
        current[path] = file
        _ = incremental.replace(file)
      }
      var fresh = PolicyStore(zone: "a")
      _ = fresh.apply(replacing: Array(current.values), removing: [])
      #expect(incremental.services == fresh.services)
      #expect(incremental.diagnostics == fresh.diagnostics)
    }
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
