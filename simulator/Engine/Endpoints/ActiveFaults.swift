// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the endpoints at the moment, and how their capacity varies; all of it together.
struct ActiveFaults {
  struct Active {
    let number: Int
    let endpoints: [Int]
    let event: TimelineEvent
  }

  private var active: [Active] = []
  /// Factors by endpoint, from the groups' variation.
  private var variedCores: [Double]
  private var variedSpeed: [Double]
  /// Endpoints that have left, and are not to be reached any more.
  var isGone: [Bool]

  init(_ scenario: Scenario) {
    variedCores = [Double](repeating: 1, count: scenario.endpointCount)
    variedSpeed = variedCores
    isGone = scenario.endpoints.flatMap { [Bool](repeating: $0.joinsLater, count: $0.count) }
  }

  mutating func add(_ fault: Active) { active.append(fault) }
  mutating func remove(_ number: Int) { active.removeAll { $0.number == number } }

  mutating func vary(_ endpoint: Int, _ target: EndpointGroup.Variation.Target, factor: Double) {
    switch target {
    case .cores: variedCores[endpoint] = factor
    case .speed: variedSpeed[endpoint] = factor
    }
  }

  /// Puts everything in force that concerns an endpoint.
  func apply(to endpoint: Int, _ server: UnsafeMutablePointer<Server>, _ jobs: Slab<Job>, now: UInt64) {
    var cores = server.pointee.nominalCores * variedCores[endpoint]
    var speed = server.pointee.nominalSpeed * variedSpeed[endpoint]
    var isHung = false
    var isClosed = isGone[endpoint]
    var errors: (rate: Double, status: Int, latency: UInt64)?
    for fault in active where fault.endpoints.contains(endpoint) {
      switch fault.event.fault {
      case .crash: isClosed = true
      case .hang: isHung = true
      case .slow(let factor): speed /= factor
      case .capacity(let factor): cores *= factor
      case .coldStart(let factor): speed /= Self.coldFactor(factor, fault.event, now)
      case .errors(let rate, let status, let latency): errors = (rate, status, latency)
      default: break
      }
    }
    server.pointee.change(cores: cores, speed: speed, jobs, now: now)
    server.pointee.hang(isHung, now: now)
    server.pointee.isClosed = isClosed
    server.pointee.errors = errors
  }

  private static func coldFactor(_ factor: Double, _ event: TimelineEvent, _ now: UInt64) -> Double {
    guard let until = event.until, until > event.at, now < until else { return 1 }
    return 1 + (factor - 1) * Double(until - now) / Double(until - event.at)
  }
}
