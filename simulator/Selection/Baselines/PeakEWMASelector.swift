// SPDX-License-Identifier: Apache-2.0

/// `peak-ewma`: Finagle's balancer of that name over its power of two choices.
///
/// The cost of an endpoint jumps to a round trip time that is above it and decays towards those below with the time
/// that passed: cost * w + rtt * (1 - w), w = e^(-dt / tau). A look at it counts as a round trip of 0. Its load is
/// cost * (pending + 1); one without any history that has a request pending already is avoided.
final class PeakEWMASelector: EndpointSelector {
  private struct Metric: BitwiseCopyable {
    /// Not known yet before the first look or request.
    static let notBegun = UInt64.max
    var stamp = Metric.notBegun
    var cost: Double
    var pending: UInt32 = 0
  }

  private static let penalty = Double(Int64.max >> 16)

  private let decayTime: Double
  private let metrics: PairTable<Metric>

  /// - Parameters:
  ///   - decayTime: tau, nanoseconds.
  ///   - defaultRoundTripTime: the cost of an endpoint that nothing is known of, nanoseconds; Finagle itself has 0.
  init(services: any SelectorServices, decayTime: Double = 10e9, defaultRoundTripTime: Double = 30e6) {
    self.decayTime = decayTime
    metrics = PairTable(services, initial: Metric(cost: defaultRoundTripTime))
  }

  func select(_ choice: borrowing Choice) -> Selection {
    let (first, second) = choice.twoDistinct()
    if first == second { return .endpoint(first) }
    let row = metrics.row(choice.node)
    let firstLoad = load(&row[first], choice.now)
    let secondLoad = load(&row[second], choice.now)
    return .endpoint(firstLoad < secondLoad ? first : second)
  }

  func sent(node: Int, endpoint: Int, now: UInt64) {
    let row = metrics.row(node)
    if row[endpoint].stamp == Metric.notBegun { row[endpoint].stamp = now }
    row[endpoint].pending += 1
  }

  /// The latency of a failure counts like any other: failure accrual is another module of Finagle's.
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {
    let row = metrics.row(node)
    if row[endpoint].pending > 0 { row[endpoint].pending -= 1 }
    // It was never sent.
    if result.isAbandoned, result.latency == 0 { return }
    observe(&row[endpoint], Double(result.latency), now)
  }

  func left(node: Int, endpoint: Int, now: UInt64) { metrics.forget(node: node, endpoint: endpoint) }

  private func load(_ metric: inout Metric, _ now: UInt64) -> Double {
    observe(&metric, 0, now)
    if metric.cost == 0, metric.pending != 0 { return Self.penalty + Double(metric.pending) }
    return metric.cost * Double(metric.pending + 1)
  }

  private func observe(_ metric: inout Metric, _ roundTripTime: Double, _ now: UInt64) {
    let elapsed = metric.stamp == Metric.notBegun || now <= metric.stamp ? 0 : Double(now - metric.stamp)
    if roundTripTime > metric.cost {
      metric.cost = roundTripTime
    } else if elapsed > 0 {
      let weight = Mathematics.exp(-elapsed / decayTime)
      metric.cost = metric.cost * weight + roundTripTime * (1 - weight)
    }
    metric.stamp = now
  }

  /// For tests.
  func cost(node: Int, endpoint: Int) -> Double { metrics[node, endpoint].cost }
}
