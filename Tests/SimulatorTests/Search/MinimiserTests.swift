// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct MinimiserTests {
  private static let violation = Violation(time: 0, invariant: "test", detail: "")

  private static func minimise(
    _ original: SwarmCase, runsMax: Int = 5_000, _ fails: @escaping (SwarmCase) -> Bool
  ) -> (SwarmCase?, runs: Int) {
    var minimiser = Minimiser(original, runsMax: runsMax) { candidate in
      // As the search: what cannot be read is no finding.
      (try? candidate.resolvedFromText()) != nil && fails(candidate) ? violation : nil
    }
    return (minimiser.minimise()?.case, minimiser.runs)
  }

  /// A case with all sorts of things in it.
  private static func large() -> SwarmCase? {
    (1..<500).lazy.map { Swarm.makeCase(seed: $0) }.first {
      $0.scenario.timeline.count >= 6 && $0.policy.settings.count >= 8 && $0.scenario.endpoints.count == 3
        && $0.scenario.timeline.contains { $0.fault == .crash }
    }
  }

  @Test func onlyWhatMattersIsLeft() throws {
    let original = try #require(Self.large())
    let wanted = try #require(original.policy.settings.last)
    let smallest = try #require(
      Self.minimise(original) { candidate in
        candidate.scenario.timeline.contains { $0.fault == .crash } && candidate.policy.settings.contains(wanted)
      }.0)
    #expect(smallest.scenario.timeline.map(\.fault) == [.crash])
    #expect(smallest.policy.settings == [wanted])
    #expect(smallest.scenario.endpointCount == 1)
    #expect(smallest.scenario.clients.count == 1)
    #expect(smallest.scenario.load.count == 1)
    #expect(smallest.scenario.network == Network())
    #expect(smallest.seed == original.seed)
  }

  @Test func twoThatOnlyFailTogetherBothStay() throws {
    let original = try #require(Self.large())
    let (first, last) = (original.policy.settings[0], try #require(original.policy.settings.last))
    let smallest = Self.minimise(original) { $0.policy.settings.contains(first) && $0.policy.settings.contains(last) }.0
    #expect(smallest?.policy.settings == [first, last])
  }

  @Test func whatDoesNotFailIsNotMadeSmaller() {
    #expect(Self.minimise(Swarm.makeCase(seed: 1)) { _ in false } == (nil, 1))
  }

  @Test func itIsBounded() {
    let (smallest, runs) = Self.minimise(Swarm.makeCase(seed: 1), runsMax: 10) { _ in true }
    #expect(smallest != nil)
    #expect(runs <= 10)
  }

  @Test func eventsOfGroupsThatHaveGoneGoWithThem() {
    var swarmCase = Swarm.makeCase(seed: 1)
    swarmCase.scenario.duration = 1_000_000_000
    swarmCase.scenario.endpoints = [EndpointGroup(name: "a", count: 2)]
    swarmCase.scenario.clients = Clients()
    swarmCase.scenario.timeline = [
      TimelineEvent(at: 1, target: EventTarget(group: "b"), .crash),
      TimelineEvent(at: 1, target: EventTarget(group: "a", indices: [1, 2]), .hang),
      TimelineEvent(at: 1, target: EventTarget(group: "a", indices: [3]), .hang),
      TimelineEvent(at: 1, target: EventTarget(nodes: [1]), .tableFull),
      TimelineEvent(at: 2_000_000_000, .crash),
      TimelineEvent(at: 1, target: EventTarget(group: "a"), .join),
    ]
    swarmCase.tidy()
    #expect(swarmCase.scenario.timeline == [TimelineEvent(at: 1, target: EventTarget(group: "a", indices: [1]), .hang)])
  }
}
