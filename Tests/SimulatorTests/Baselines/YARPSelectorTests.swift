// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct YARPSelectorTests {
  @Test func everyNodeAsksEveryEndpointAtEachTick() {
    let driver = Driver(nodes: 2, endpoints: 2) { YARPSelector(services: $0) }
    #expect(driver.selector.needs == SelectorNeeds(probes: true, tick: 500 * millisecond))
    driver.selector.tick(now: 500 * millisecond)
    #expect(driver.services.probes == [[0, 0], [0, 1], [1, 0], [1, 1]])
  }

  @Test func theSmallerOfTwoAnswersWinsUntilTheNextAnswer() {
    let driver = Driver(endpoints: 3) { YARPSelector(services: $0) }
    driver.reported(0, LoadReport(requestsInFlight: 4))
    driver.reported(2, LoadReport(requestsInFlight: 3))
    // Positions 0 and 2: the second draw is of the two others.
    let zeroAndTwo = bits(0, of: 3, 1, of: 2)
    #expect(driver.select(random: zeroAndTwo) == 2)
    driver.sent(2, times: 10)
    #expect(driver.select(random: zeroAndTwo) == 2)
    driver.reported(2, LoadReport(requestsInFlight: 4))
    // A tie: the first.
    #expect(driver.select(random: zeroAndTwo) == 0)
  }

  @Test func anEndpointThatLeftIsNotAskedUntilItIsUsedAgain() {
    let driver = Driver(endpoints: 2) { YARPSelector(services: $0) }
    driver.reported(0, LoadReport(requestsInFlight: 9))
    driver.selector.left(node: 0, endpoint: 0, now: 0)
    driver.selector.tick(now: 500 * millisecond)
    #expect(driver.services.probes == [[0, 1]])
    #expect(driver.select(random: bits(0, of: 2)) == 0)
    driver.sent(0)
    driver.services.forgetProbes()
    driver.selector.tick(now: second)
    #expect(driver.services.probes == [[0, 0], [0, 1]])
  }
}
