// SPDX-License-Identifier: Apache-2.0

import Policy
import Testbed
import Testing

@Suite struct PolicyStoreTests {
  private func web(_ path: String, _ name: String, ip: String, endpoint: String = "127.0.1.1") -> ParsedFile {
    let endpoints = "{addresses: [\(endpoint)]}"
    let slice = Fixtures.slice("\(name)-1", of: name, endpoints: endpoints)
    return Fixtures.parse(Fixtures.service(name, ip: ip) + slice, path: path)
  }

  @Test func replacingAFileUpsertsOnlyWhatChanged() {
    var store = Fixtures.store(web("a.yaml", "a", ip: "127.96.0.1"), web("b.yaml", "b", ip: "127.96.0.2"))
    let change = store.replace(web("b.yaml", "b", ip: "127.96.0.2", endpoint: "127.0.1.2"))
    #expect(change.upserted.map(\.name) == ["default/b:http"] && change.removed.isEmpty)
    #expect(store.replace(web("b.yaml", "b", ip: "127.96.0.2", endpoint: "127.0.1.2")).isEmpty)
  }

  @Test func movedTextChangesTheSourceButIsNoChange() {
    let text = Fixtures.service() + Fixtures.slice()
    var store = Fixtures.store(Fixtures.parse(text))
    #expect(store.replace(Fixtures.parse("# a comment\n" + text)).isEmpty)
    #expect(store.services["default/web:http"]?.source.line == 8)
  }

  @Test func removingAFileRemovesItsServices() {
    var store = Fixtures.store(web("a.yaml", "a", ip: "127.96.0.1"), web("b.yaml", "b", ip: "127.96.0.2"))
    #expect(store.remove(path: "a.yaml").removed == ["default/a:http"])
    #expect(store.remove(path: "a.yaml").isEmpty)
    #expect(store.services.keys.sorted() == ["default/b:http"])
    #expect(store.endpointCount == 1)
  }

  @Test func fileWithErrorsIsNotPutInForce() {
    var store = Fixtures.store(web("a.yaml", "a", ip: "127.96.0.1"))
    #expect(store.replace(Fixtures.parse("kind: [", path: "a.yaml")).isEmpty)
    #expect(store.services.count == 1)
  }

  @Test func endpointsMayBeInAnotherFile() {
    var store = Fixtures.store(Fixtures.parse(Fixtures.service(), path: "service.yaml"))
    #expect(store.diagnostics.map(\.message) == ["no EndpointSlice for Service default/web"])
    let change = store.replace(Fixtures.parse(Fixtures.slice(), path: "slice.yaml"))
    #expect(change.upserted.first?.endpoints.count == 1 && store.diagnostics.isEmpty)
    #expect(store.remove(path: "service.yaml").removed == ["default/web:http"])
    #expect(store.diagnostics.map(\.severity) == [.warning])
    #expect(store.diagnostics.first?.location.file == "slice.yaml")
  }

  @Test(arguments: [["a.yaml", "b.yaml"], ["b.yaml", "a.yaml"]])
  func conflictingVIPIsTheFaultOfTheLaterPathWhateverTheOrder(_ order: [String]) {
    var store = PolicyStore()
    for path in order { _ = store.replace(web(path, String(path.prefix(1)), ip: "127.96.0.1")) }
    #expect(store.services.keys.sorted() == ["default/a:http"])
    #expect(store.errors(path: "a.yaml").isEmpty)
    #expect(
      store.errors(path: "b.yaml").map(\.description) == [
        "b.yaml:6:14: spec.clusterIP: 127.96.0.1:80 of default/b:http is already the address of default/a:http, "
          + "a.yaml:6:14"
      ])
    let change = store.remove(path: "a.yaml")
    #expect(change.upserted.map(\.name) == ["default/b:http"] && change.removed == ["default/a:http"])
    #expect(store.diagnostics.isEmpty)
  }

  @Test func samePortsOfDifferentAddressesDoNotConflict() {
    let store = Fixtures.store(web("a.yaml", "a", ip: "127.96.0.1"), web("b.yaml", "b", ip: "127.96.0.2"))
    #expect(store.diagnostics.isEmpty && store.services.count == 2)
  }

  @Test func misnamedSlicePortIsAWarningWithASuggestion() {
    let store = Fixtures.store(Fixtures.parse(Fixtures.service() + Fixtures.slice(port: "{name: htpp, port: 1}")))
    #expect(store.diagnostics.first?.message == "no EndpointSlice of Service default/web has a port named `http`")
    #expect(store.diagnostics.first?.suggestion == "htpp")
  }

  @Test func newcomersBeyondTheKernelsServicesWaitForRoom() {
    func many(_ path: String, _ range: Range<Int>) -> ParsedFile {
      let text = range.map { Fixtures.service("s\($0)", ip: "127.\(96 + $0 >> 16).\($0 >> 8 & 255).\($0 & 255)") }
      return Fixtures.parse(text.joined(), path: path)
    }
    var store = Fixtures.store(many("a.yaml", 1..<8_001), many("b.yaml", 8_001..<16_385))
    #expect(store.services.count == 16_384)
    #expect(store.replace(many("c.yaml", 16_385..<16_386)).isEmpty)
    #expect(store.errors(path: "c.yaml").map(\.message) == ["default/s16385:http: a node holds at most 16384 services"])
    let change = store.remove(path: "a.yaml")
    #expect(change.removed.count == 8_000 && change.upserted.map(\.name) == ["default/s16385:http"])
    #expect(store.errors(path: "c.yaml").isEmpty)
  }

  @Test func tooManyEndpointsOfOneServiceIsAnError() {
    func slice(_ n: Int) -> String {
      let addresses = (0..<16_400).map { "127.\(n).\($0 >> 8).\($0 & 255)" }.filter { !$0.hasSuffix(".0.0") }
      return Fixtures.slice("web-\(n)", endpoints: "{addresses: [\(addresses.joined(separator: ","))]}")
    }
    let store = Fixtures.store(Fixtures.parse(Fixtures.service() + slice(1) + slice(2)))
    #expect(store.diagnostics.map(\.severity) == [.error])
    #expect(store.services["default/web:http"]?.endpoints.count == 32_768)
  }

  /// The same files in any order and with any detours end in the same state.
  @Test func stateDependsOnTheFilesOnly() {
    var generator = SeededGenerator(seed: 20_260_101)
    for _ in 0..<200 {
      var incremental = PolicyStore()
      var current: [String: ParsedFile] = [:]
      var shadow: [String: Service] = [:]
      for _ in 0..<20 {
        let path = "f\(Int.random(in: 0..<4, using: &generator)).yaml"
        let change: PolicyChange
        if Int.random(in: 0..<4, using: &generator) == 0 {
          current[path] = nil
          change = incremental.remove(path: path)
        } else {
          let name = "s\(Int.random(in: 0..<4, using: &generator))"
          let file = web(path, name, ip: "127.96.0.\(Int.random(in: 1..<4, using: &generator))")
          current[path] = file
          change = incremental.replace(file)
        }
        for service in change.upserted { shadow[service.name] = service }
        for name in change.removed { #expect(shadow.removeValue(forKey: name) != nil) }
      }
      var fresh = PolicyStore()
      _ = fresh.apply(replacing: Array(current.values), removing: [])
      #expect(incremental.services == fresh.services)
      #expect(incremental.diagnostics == fresh.diagnostics)
      #expect(shadow.keys.sorted() == fresh.services.keys.sorted())
      #expect(shadow.allSatisfy { fresh.services[$0.key]?.hasSameMeaning(as: $0.value) == true })
    }
  }
}
