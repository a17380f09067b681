// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@Suite struct FallbackTests {
  private typealias Rules = RuleFixtures

  private func web(_ name: String, _ number: Int, fallback: String) -> String {
    let port = "{name: http, port: 80, appProtocol: http}"
    return Fixtures.service(name, ip: "127.96.0.\(number)", port: port)
      + Fixtures.slice("\(name)-1", of: name, endpoints: "{addresses: [127.0.2.\(number)]}")
      + Rules.trafficPolicy("fallback: {service: \(fallback)}", host: name, name: name)
  }

  @Test func staticResponseIsAWholeMessage() throws {
    let fallback = try Rules.http(
      Rules.trafficPolicy(
        #"fallback: {response: {status: 503, headers: {Retry-After: "5", Content-Type: text/plain}, body: "sorry"}}"#)
    ).settings.fallback
    let message =
      "HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\nretry-after: 5\r\ncontent-length: 5\r\n\r\nsorry"
    #expect(fallback == .response(Array(message.utf8)))
  }

  @Test func emptyResponseSaysItsLengthExceptWhereItMustNot() throws {
    let empty = try Rules.http(Rules.trafficPolicy("fallback: {response: {status: 503}}")).settings.fallback
    #expect(empty == .response(Array("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n".utf8)))
    let none = try Rules.http(Rules.trafficPolicy("fallback: {response: {status: 204}}")).settings.fallback
    #expect(none == .response(Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)))
  }

  @Test func bodyComesFromAFileThroughTheReaderThatIsGiven() throws {
    let text = Rules.web + Rules.trafficPolicy("fallback: {response: {status: 200, bodyFile: sorry.html}}")
    let file = PolicyParser.parse(Array(text.utf8), path: "a.yaml") { name in Array("<\(name)>".utf8) }
    let service = try #require(Fixtures.store(file).services["default/web:http"])
    #expect(
      service.settings.fallback == .response(Array("HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n<sorry.html>".utf8)))
    #expect(Fixtures.parse(text).hasErrors)
  }

  @Test func onlyPortsInRequestModeHaveAFallback() throws {
    let store = try Rules.store(Rules.web, Rules.trafficPolicy("fallback: {response: {status: 503}}"))
    #expect(store.services["default/web:http"]?.settings.fallback != nil)
    #expect(store.services["default/web:db"]?.settings.fallback == nil)
    let problems = Rules.diagnostics(
      Fixtures.service() + Fixtures.slice(), Rules.trafficPolicy("fallback: {response: {status: 503}}"))
    #expect(problems.count == 1 && problems[0].hasPrefix("error: spec.fallback: no fallback without requests"))
  }

  @Test func fallbackIsTheFullNameOfAService() throws {
    let store = try Rules.store(Rules.web, web("spare", 9, fallback: "web:http"))
    #expect(store.services["default/spare:http"]?.settings.fallback == .service("default/web:http"))
  }

  @Test func unknownFallbackIsAnErrorUntilTheServiceComes() {
    var store = Fixtures.store(Fixtures.parse(web("spare", 9, fallback: "default/web:htpp"), path: "spare.yaml"))
    #expect(store.errors(path: "spare.yaml").count == 1)
    _ = store.replace(Fixtures.parse(Rules.web, path: "web.yaml"))
    #expect(store.errors(path: "spare.yaml").first?.suggestion == "default/web:http")
    _ = store.replace(Fixtures.parse(web("spare", 9, fallback: "default/web:http"), path: "spare.yaml"))
    #expect(store.diagnostics.isEmpty)
    _ = store.remove(path: "web.yaml")
    #expect(store.errors(path: "spare.yaml").count == 1)
  }

  @Test func circleIsTheFaultOfWhoClosesIt() {
    var store = PolicyStore()
    _ = store.replace(Fixtures.parse(web("b", 2, fallback: "default/a:http"), path: "b.yaml"))
    _ = store.replace(Fixtures.parse(web("a", 1, fallback: "default/b:http"), path: "a.yaml"))
    #expect(store.errors(path: "a.yaml").isEmpty)
    #expect(
      store.errors(path: "b.yaml").map(\.message) == [
        "the fallback goes in a circle: default/b:http -> default/a:http -> default/b:http"
      ])
  }

  @Test func chainsOfFallbacksAreBounded() {
    func chain(_ count: Int) -> PolicyStore {
      var text = Fixtures.service("s0", ip: "127.96.1.100", port: "{name: http, port: 80, appProtocol: http}")
      for number in 1...count { text += web("s\(number)", number, fallback: "default/s\(number - 1):http") }
      return Fixtures.store(Fixtures.parse(text))
    }
    #expect(!chain(8).diagnostics.contains { $0.severity == .error })
    let errors = chain(9).diagnostics.filter { $0.severity == .error }
    #expect(errors.map(\.message) == ["more than 8 fallbacks follow each other from default/s9:http"])
  }

  @Test func whoLeadsIntoACircleIsNotAtFault() {
    let text =
      web("a", 1, fallback: "default/b:http") + web("b", 2, fallback: "default/a:http")
      + web("c", 3, fallback: "default/a:http")
    let errors = Fixtures.store(Fixtures.parse(text)).diagnostics.filter { $0.severity == .error }
    #expect(errors.count == 1 && errors[0].message.contains("default/b:http -> default/a:http -> default/b:http"))
  }
}
