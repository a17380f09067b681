// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

@Suite struct EventTargetTests {
  private let scenario: Scenario = {
    var near = EndpointGroup(name: "near", count: 2)
    near.zone = "a"
    var far = EndpointGroup(name: "far", count: 3)
    far.zone = "b"
    return Scenario(name: "test", duration: 1, load: [], endpoints: [near, far])
  }()

  @Test func endpointsAreCountedThroughTheGroups() {
    #expect(EventTarget().endpoints(in: scenario) == [0, 1, 2, 3, 4])
    #expect(EventTarget(group: "far").endpoints(in: scenario) == [2, 3, 4])
    #expect(EventTarget(group: "far", indices: [2, 0]).endpoints(in: scenario) == [2, 4])
    #expect(EventTarget(indices: [1]).endpoints(in: scenario) == [1, 3])
    #expect(EventTarget(zone: "b").endpoints(in: scenario) == [2, 3, 4])
    #expect(EventTarget(group: "near", zone: "b").endpoints(in: scenario).isEmpty)
    #expect(EventTarget(group: "far", indices: [3]).endpoints(in: scenario).isEmpty)
  }

  @Test func theyAreNamedAsPeopleWould() {
    #expect(EventTarget().endpointsInWords == "all endpoints")
    #expect(EventTarget(group: "far", indices: [0, 2]).endpointsInWords == "far-0 and far-2")
    #expect(EventTarget(group: "far", zone: "b").endpointsInWords == "far in zone b")
    #expect(EventTarget(zone: "b").endpointsInWords == "zone b")
  }
}
