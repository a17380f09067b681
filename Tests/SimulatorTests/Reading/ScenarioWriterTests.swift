// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

@Suite struct ScenarioWriterTests {
  @Test func whatIsWrittenIsReadBackAsTheSame() throws {
    for seed in 0..<800 {
      var random = RandomScenario(seed: UInt64(seed))
      let scenario = random.next()
      let text = ScenarioWriter.text(scenario)
      let parsed = ScenarioParser.parse(text, path: "seed-\(seed).yaml")
      try #require(parsed.diagnostics.isEmpty, "\(parsed.diagnostics)\n\(text)")
      try #require(parsed.scenario == scenario, "seed \(seed)\n\(text)")
    }
  }

  @Test func textIsWhatPeopleWouldWrite() {
    var scenario = Scenario(
      name: "outlier", duration: 60_000_000_000, load: [LoadPhase(.requestsPerSecond(1000))],
      endpoints: [EndpointGroup(name: "web", count: 4)])
    scenario.warmup = 1_500_000_000
    scenario.selectors = [.core, .baseline(.powerOfTwo, ejection: true)]
    scenario.timeline = [
      TimelineEvent(at: 10_000_000_000, target: EventTarget(group: "web", indices: [0]), .hang)
    ]
    scenario.expectations = [.init(.latency(percentile: 99, below: 50_000_000))]
    #expect(
      ScenarioWriter.text(scenario) == """
        apiVersion: swerve.dev/v1alpha1
        kind: Scenario
        metadata: {name: outlier}
        spec:
          duration: 60s
          warmup: 1500ms
          selectors: [swerve, p2c+ejection]
          load: {requestsPerSecond: 1000}
          endpoints: [{name: web, count: 4}]
          timeline: [{at: 10s, endpoints: {group: web, indices: [0]}, fault: hang}]
          expect: [{p99: {below: 50ms}}]

        """)
  }

  @Test func mixtureOfMixturesIsWrittenAsOne() throws {
    var scenario = Scenario(
      name: "mix", duration: 1_000_000_000, load: [LoadPhase(.requestsPerSecond(1))],
      endpoints: [EndpointGroup(name: "web")])
    let inner = Distribution.mixture([.init(weight: 1, .constant(1e6)), .init(weight: 3, .constant(2e6))])
    scenario.work = .mixture([.init(weight: 2, inner), .init(weight: 5, .constant(3e6))])
    let parsed = ScenarioParser.parse(ScenarioWriter.text(scenario), path: "a.yaml")
    #expect(
      parsed.scenario?.work
        == .mixture([
          .init(weight: 0.5, .constant(1e6)), .init(weight: 1.5, .constant(2e6)), .init(weight: 5, .constant(3e6)),
        ]))
  }
}
