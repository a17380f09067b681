// SPDX-License-Identifier: Apache-2.0

/// What goes wrong, and when.
extension Swarm {
  private static let eventsMax = 9

  mutating func timeline(_ scenario: inout Scenario) {
    for group in scenario.endpoints where group.joinsLater {
      scenario.timeline.append(
        TimelineEvent(at: moment(0, scenario.duration), target: EventTarget(group: group.name), .join))
    }
    for _ in 0..<random.below(Self.eventsMax) {
      let event = event(scenario)
      scenario.timeline.append(event)
      // What has just failed is often taken away.
      if case .errors = event.fault, chance(0.4) {
        scenario.timeline.append(
          TimelineEvent(at: moment(event.at, event.until ?? scenario.duration), target: event.target, .leave))
      }
    }
    scenario.timeline.sort { $0.at < $1.at }
  }

  private mutating func event(_ scenario: Scenario) -> TimelineEvent {
    let fault = fault(scenario.duration)
    let at = moment(0, scenario.duration - 1)
    var event = TimelineEvent(at: at, target: target(of: fault, scenario), fault)
    var ends = chance(0.75)
    if case .coldStart = fault { ends = true }
    if case .clockJump = fault { ends = false }
    if ends { event.until = moment(at + 1, scenario.duration) }
    return event
  }

  private mutating func fault(_ duration: UInt64) -> Fault {
    switch random.below(16) {
    case 0: .crash
    case 1: .hang
    case 2: .slow(factor: share(1, 20))
    case 3: .capacity(factor: share(0.1, 2))
    case 4: .coldStart(factor: share(1, 20))
    case 5, 6, 7: errors()
    case 8: .leave
    case 9: .drain
    case 10: .partition
    case 11: .latency(.exponential(mean: time(1e5, 1e8)))
    case 12: .loss(probability: share(0.05, 0.6))
    case 13: .clockJump(by: UInt64(time(1e6, 3e10)))
    case 14: .agentRestart
    default: .tableFull
    }
  }

  private mutating func errors() -> Fault {
    .errors(
      rate: chance(0.5) ? 1 : share(0.05, 0.95), status: one(of: [500, 500, 501, 502, 503, 504, 409, 404]),
      latency: chance(0.5) ? 0 : UInt64(time(1e4, 1e8)))
  }

  private mutating func target(of fault: Fault, _ scenario: Scenario) -> EventTarget {
    var target = EventTarget()
    let isOfPaths =
      switch fault {
      case .partition, .latency, .loss: true
      default: false
      }
    if fault.isOfNodes || isOfPaths, chance(0.6) {
      target.nodes = (0..<scenario.clients.nodes).filter { _ in chance(0.5) }
    }
    if fault.isOfNodes { return target }
    let group = one(of: scenario.endpoints)
    switch random.below(4) {
    case 0: break
    case 1: target.zone = group.zone
    case 2: target.group = group.name
    default:
      target.group = group.name
      target.indices = (0..<group.count).filter { _ in chance(0.4) }
    }
    return target
  }

  private mutating func moment(_ low: UInt64, _ high: UInt64) -> UInt64 {
    low + UInt64(random.uniform() * Double(high - low))
  }
}
