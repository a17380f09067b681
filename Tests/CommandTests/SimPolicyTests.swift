// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Simulator
import Testbed
import Testing

@testable import swerve

/// Policy files in the place of a scenario's own: `--policies`.
@Suite struct SimPolicyTests {
  private let directory: TemporaryDirectory
  private let scenario: String

  init() throws {
    directory = try TemporaryDirectory()
    scenario = try directory.write(
      "outlier.yaml",
      """
      apiVersion: swerve.dev/v1alpha1
      kind: Scenario
      metadata: {name: outlier}
      spec:
        duration: 4s
        clients: {count: 4, nodes: 2}
        load: {requestsPerSecond: 200}
        endpoints: [{name: web, count: 3, work: 1ms}]
        timeline:
        - {at: 1s, endpoints: {group: web, indices: [2]}, fault: {errors: {rate: 1}}}
        expect: [{errorRate: {below: 0.05}}]

      """)
  }

  private func policy(_ file: String, consecutive5xx count: Int, endpoints: Int = 3, service: String = "cart") throws
    -> String
  {
    let members = (1...endpoints).map { "- addresses: [127.0.17.\($0)]\n" }.joined()
    return try directory.write(
      file,
      """
      apiVersion: v1
      kind: Service
      metadata: {name: \(service), namespace: shop}
      spec:
        clusterIP: 127.96.17.1
        ports: [{name: http, port: 80, appProtocol: http}]
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata: {name: \(service)-1, namespace: shop, labels: {kubernetes.io/service-name: \(service)}}
      addressType: IPv4
      ports: [{name: http, port: 8080}]
      endpoints:
      \(members)---
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: \(service), namespace: shop}
      spec:
        host: \(service)
        trafficPolicy:
          outlierDetection:
            consecutive5xxErrors: \(count)
            interval: 1s
            baseEjectionTime: 30s
            maxEjectionPercent: 50

      """)
  }

  @Test func setsAreRowsAndTheFirstIsTheReference() throws {
    let (old, new) = (try policy("a.yaml", consecutive5xx: 50), try policy("b.yaml", consecutive5xx: 5))
    let arguments = [
      "sim", "compare", scenario, "--policies", "old=\(old)", "--policies", "new=\(new)", "--seeds", "3",
    ]
    let compare = try Command(arguments + ["--quiet"])
    #expect(compare.exitCode == 0 && compare.errors.isEmpty)
    let rows = compare.output.split(separator: "\n").map { $0.split(separator: " ").first.map(String.init) }
    #expect(rows == ["outlier:", "POLICIES", "old", "new", "MINUS", "new", "±"])
    let json = try Command(arguments + ["--json"]).json()
    #expect(json["reference"] as? [String: String] == ["selector": "swerve", "policies": "old"])
    let cells = try #require(json["cells"] as? [[String: Any]])
    #expect(cells.compactMap { $0["policies"] as? String } == ["old", "new"])
    let difference = try #require((cells[1]["differences"] as? [String: Any])?["errorRate"] as? [String: Double])
    // Ejected after 5 failures, not after 50.
    #expect(try #require(difference["mean"]) < -0.05)
  }

  @Test func everySetIsComparedWithEverySelector() throws {
    let (old, new) = (try policy("old.yaml", consecutive5xx: 50), try policy("new.yaml", consecutive5xx: 5))
    let (page, tables) = ("\(directory.path)/a.html", "\(directory.path)/a.md")
    let compare = try Command(
      "sim", "compare", scenario, "--policies", old, "--policies", new, "--selector", "swerve", "--selector", "rr",
      "--seeds", "2", "--html", page, "--markdown", tables)
    #expect(compare.exitCode == 0)
    #expect(compare.output.contains("SELECTOR, POLICIES") && compare.output.contains("MINUS swerve, old"))
    let markdown = try String(contentsOfFile: tables, encoding: .utf8)
    for name in ["swerve, old", "swerve, new", "rr, old", "rr, new"] {
      #expect(compare.output.contains("\n\(name) "))
      #expect(markdown.contains("| \(name) |"))
      #expect(try String(contentsOfFile: page, encoding: .utf8).contains("\(name)</th>"))
    }
  }

  @Test func checkFailsUnderOneSetWithTheCommandThatRepeatsIt() throws {
    let (old, new) = (try policy("my old.yaml", consecutive5xx: 50), try policy("new.yaml", consecutive5xx: 5))
    let check = try Command(
      "sim", "check", scenario, "--policies", "old=\(old)", "--policies", new, "--service", "shop/cart", "--quiet")
    #expect(check.exitCode == 1)
    #expect(check.output.contains("FAILED   outlier  1 of 2 expectations hold, 2 runs\n"))
    #expect(check.output.contains("swerve, old, seed 1: error rate below 5 %"))
    let replay = "swerve sim run \(scenario) --policies 'old=\(old)' --service shop/cart --selector swerve --seed 1"
    #expect(check.output.contains("replay: \(replay)\n"))
    let run = try Command(
      "sim", "run", scenario, "--policies", "old=\(old)", "--service", "shop/cart", "--selector", "swerve", "--seed",
      "1", "--json")
    let all = try Command("sim", "run", scenario, "--policies", "old=\(old)", "--policies", new, "--json")
    let alone = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]])
    let both = try #require(try JSONSerialization.jsonObject(with: Data(all.output.utf8)) as? [[String: Any]])
    #expect(alone.count == 1 && both.count == 2)
    #expect(alone[0]["replay"] as? String == replay)
    #expect(alone[0]["traceHash"] as? String == both[0]["traceHash"] as? String)
    #expect(both.compactMap { $0["policies"] as? String } == ["old", "new"])
  }

  @Test func invalidFilesOfASetAreReportedAndTheOtherSetIsRun() throws {
    let bad = try policy("bad.yaml", consecutive5xx: -1)
    let good = try policy("good.yaml", consecutive5xx: 5)
    let second = try policy("second.yaml", consecutive5xx: 5, endpoints: 2)
    let sets = ["--policies", bad, "--policies", good, "--policies", second]
    let check = try Command(["sim", "check", scenario, "--json"] + sets)
    #expect(check.exitCode == 65)
    #expect(check.errors.contains("swerve: \(bad):"))
    #expect(
      check.errors.contains(
        "swerve: \(scenario) with policies `second`: outlier: spec.endpoints: `web-2` is spoken of, but "
          + "shop/cart:http has 2 endpoints"))
    let scenarios = try #require(try check.json()["scenarios"] as? [[String: Any]])
    #expect((scenarios[0]["errors"] as? [String])?.count == 2)
    #expect((scenarios[0]["runs"] as? [[String: Any]])?.compactMap { $0["policies"] as? String } == ["good"])
    let text = try Command(["sim", "check", scenario] + sets)
    #expect(text.exitCode == 65 && text.output.hasPrefix("invalid  outlier  1 of 1 expectations hold, 1 run\n"))
    let compare = try Command(["sim", "compare", scenario] + sets)
    #expect(compare.exitCode == 65 && compare.output.isEmpty)
  }

  @Test func theServiceIsNamedOnTheCommandLine() throws {
    let path = "\(directory.path)/policies"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    _ = try policy("policies/cart.yaml", consecutive5xx: 5)
    let text = try String(contentsOfFile: "\(path)/cart.yaml", encoding: .utf8)
    _ = try directory.write(
      "policies/web.yaml", text.replacing("cart", with: "web").replacing("127.96.17.1", with: "127.96.17.2"))
    let unclear = try Command("sim", "run", scenario, "--policies", path)
    #expect(unclear.exitCode == 65)
    #expect(unclear.errors.contains("the files define 2 services; name one with --service: shop/cart:http, "))
    let wrong = try Command("sim", "run", scenario, "--policies", path, "--service", "shop/card")
    #expect(wrong.exitCode == 65 && wrong.errors.contains("outlier: --service: no service of the policy files is"))
    #expect(try Command("sim", "run", scenario, "--policies", path, "--service", "shop/cart").exitCode == 0)
  }

  @Test func addressesOfTheScenariosOwnFilesDoNotBindOthers() throws {
    let text = try String(contentsOfFile: scenario, encoding: .utf8)
    let addressed = { (addresses: String) in
      try directory.write(
        "addressed.yaml",
        text.replacing("count: 3", with: "count: 3, addresses: [\(addresses)]")
          .replacing("duration: 4s", with: "duration: 4s\n  policies: [own.yaml]"))
    }
    let sets = ["--policies", try policy("cart.yaml", consecutive5xx: 5)]
    let foreign = try addressed("'127.0.9.1:80', '127.0.9.2:80', '127.0.9.3:80'")
    let run = try Command(["sim", "run", foreign] + sets)
    #expect(run.exitCode == 0 && run.output.contains("\ncart "))
    let mixed = try Command(["sim", "run", try addressed("'127.0.17.2:8080', '127.0.9.2:80', '127.0.9.3:80'")] + sets)
    #expect(mixed.exitCode == 65 && mixed.errors.contains("shop/cart:http has no endpoint 127.0.9.2:80"))
  }

  @Test func badUsageIsSaid() throws {
    let path = try policy("a.yaml", consecutive5xx: 5)
    for (arguments, message) in [
      (["run", scenario, "--service", "shop/cart"], "name them with --policies"),
      (["run", scenario, "--policies", "-"], "not standard input"),
      (["run", scenario, "--policies", "old="], "a path is missing"),
      (["run", scenario, "--policies", "\(String(repeating: "a", count: 33))=\(path)"], "at most 32 characters"),
      (["run", scenario, "--policies", "a\u{1b}=\(path)"], "plain ones"),
      (
        [
          "compare", scenario, "--html", "\(directory.path)/a.html", "--policies", "a=\(path)", "--policies",
          "b=\(path)",
        ]
          + SelectorName.all.flatMap { ["--selector", "\($0)"] }, "at most 32 selectors with policies"
      ),
      (["compare", scenario, "--policies", path], "one set of policies and one selector"),
    ] {
      let command = try Command(["sim"] + arguments)
      #expect(command.exitCode == 64 && command.errors.contains(message), "\(arguments)")
    }
    let missing = try Command("sim", "run", scenario, "--policies", "\(directory.path)/none.yaml")
    #expect(missing.exitCode == 65 && missing.errors.contains("none.yaml:1:1: no such file"))
  }

  @Test(arguments: [
    (["old=a/x.yaml", "new=a/y.yaml"], ["old", "new"]),
    (["a/old.yaml", "a/new/"], ["old", "new"]),
    (["one=a.yaml", "one=b.yaml", "c.yaml"], ["one", "c"]),
    (["v1/policies", "v2/policies"], ["v1/policies", "v2/policies"]),
    (["a=b/c=d.yaml", "./a=b"], ["a", "a=b"]),
  ])
  func labelsAreGivenOrDerived(arguments: [String], labels: [String]) throws {
    let options = try PolicyOptions.parse(arguments.flatMap { ["--policies", $0] })
    #expect(options.sets.map(\.label) == labels)
    #expect(options.sets.flatMap(\.arguments) == arguments)
  }

  @Test func filesOfTheOtherKindAreToldWhereTheyBelong() throws {
    let path = try policy("cart.yaml", consecutive5xx: 5)
    let run = try Command("sim", "run", path)
    #expect(run.exitCode == 65)
    #expect(run.errors.contains("\(path) is a policy file: `swerve check \(path)` checks it"))
    let check = try Command("check", scenario)
    #expect(check.exitCode == 65)
    #expect(check.output.contains("`Scenario` is for the simulator, not a policy: `swerve sim check` takes the file"))
  }
}
