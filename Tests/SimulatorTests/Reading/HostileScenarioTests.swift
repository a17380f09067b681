// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator
import Testing

/// Files that nobody means well with: a message, and soon.
@Suite struct HostileScenarioTests {
  private static let fragments = [
    "\0", "\t", "&a ", "*a", "<<: ", "[", "]", "{", "}", ": ", "- ", "\n", "'", "\"", "!!str ", "null", "-1", "1e999",
    "99999999999999999999", ".nan", "0x", "yes", "---\n", "1e-400ns", "9999999h", "{uniform: {min: 1ms, max: 2ms}}",
    "hang", "join", "group: web", "indices: [0]", "from: 1s", "count: 100000", "nodes: 100000", "~", "0", "0s", "1.5",
    "{slow: {factor: 2}}", "closedLoop: {think: 1us}", "utilization: 1", "p99: {below: 1s}", "\u{1F600}", "mixture: []",
  ].map { Array($0.utf8) }

  private static func mutate(_ bytes: inout [UInt8], _ random: inout SystemOfChance) {
    for _ in 0...random.below(2) {
      let at = random.below(bytes.count + 1)
      let end = min(bytes.count, at + random.below(30))
      switch random.below(12) {
      case 0: bytes.removeSubrange(at..<end)
      case 1: bytes.insert(contentsOf: fragments[random.below(fragments.count)], at: at)
      case 2: bytes.replaceSubrange(at..<end, with: fragments[random.below(fragments.count)])
      case 3: bytes.insert(contentsOf: bytes[at..<end], at: random.below(bytes.count + 1))
      case 4: if at < bytes.count { bytes[at] = UInt8(truncatingIfNeeded: random.below(256)) }
      default:
        // A digit for a digit: what the ranges are for.
        let digits = bytes.indices.filter { (0x30...0x39).contains(bytes[$0]) }
        if !digits.isEmpty { bytes[digits[random.below(digits.count)]] = 0x30 + UInt8(random.below(10)) }
      }
    }
  }

  /// What is accepted can be written, read again and resolved; what is not has an error in it.
  @Test func mutatedFilesAreReadOrRefused() {
    var accepted = 0
    for seed in 0..<800 {
      var scenarios = RandomScenario(seed: UInt64(seed))
      var random = SystemOfChance(state: UInt64(seed))
      var bytes = Array(ScenarioWriter.text(scenarios.next()).utf8)
      Self.mutate(&bytes, &random)
      let parsed = ScenarioParser.parse(bytes, path: "a.yaml")
      #expect(parsed.diagnostics == parsed.diagnostics.sorted())
      #expect((parsed.scenario == nil) == parsed.diagnostics.contains { $0.severity == .error })
      guard let scenario = parsed.scenario else { continue }
      accepted += 1
      let again = ScenarioParser.parse(ScenarioWriter.text(scenario), path: "b.yaml")
      #expect(again.diagnostics.isEmpty, "seed \(seed): \(again.diagnostics)\n\(ScenarioWriter.text(scenario))")
      #expect(again.scenario == scenario, "seed \(seed)")
      if scenario.policy.paths.isEmpty {
        let resolved = try? ResolvedScenario.resolve(scenario, services: [])
        #expect(resolved?.endpointIndices.count == scenario.endpointCount)
      }
    }
    #expect(accepted > 100 && accepted < 750)
  }

  @Test(.timeLimit(.minutes(1))) func aliasesAreNoWayToALargeScenario() {
    let list = "&i [\((0..<10_000).map { "\($0)" }.joined(separator: ", "))]"
    let first = "  - {at: 1s, endpoints: {group: web, indices: \(list)}, fault: hang}\n"
    let others = String(repeating: "  - {at: 1s, endpoints: {group: web, indices: *i}, fault: hang}\n", count: 9_000)
    let text = ScenarioFixtures.text(endpoints: "[{name: web, count: 10000}]") + "  timeline:\n" + first + others
    let parsed = ScenarioParser.parse(text, path: "a.yaml")
    #expect(parsed.scenario == nil)
    #expect(parsed.diagnostics.contains { $0.message.hasPrefix("more than 200000 indices") })
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
      String(repeating: "- ", count: 100_000), String(repeating: "a: &a *a\n", count: 1_000), "\u{feff}", "--- |\n",
      "%YAML 9.9",
      String(repeating: "x", count: 9 << 20), String(repeating: "--- {}\n", count: 50_000), "&a [*a]", "!<x> y",
    ]) func rubbishIsRefused(text: String)
  {
    let parsed = ScenarioParser.parse(text, path: "a.yaml")
    #expect(parsed.scenario == nil && !parsed.diagnostics.isEmpty && parsed.diagnostics.count <= 1_000)
  }

  @Test(.timeLimit(.minutes(1))) func manyMistakesAreListedUpToABound() {
    let text =
      ScenarioFixtures.text() + "  timeline:\n" + String(repeating: "  - {at: 99h, fualt: hnag}\n", count: 10_000)
    #expect(ScenarioParser.parse(text, path: "a.yaml").diagnostics.count == 1_000)
  }

  @Test func largestScenarioIsRead() {
    let text = ScenarioFixtures.text(
      "clients: {count: 100000, nodes: 40}", endpoints: "[{name: web, count: 100000}]")
    #expect(ScenarioParser.parse(text, path: "a.yaml").scenario?.endpointCount == 100_000)
  }
}

struct SystemOfChance {
  var state: UInt64

  /// A linear congruential generator; its upper half is good enough here.
  mutating func below(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(max(1, count)))
  }
}
