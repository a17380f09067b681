// SPDX-License-Identifier: Apache-2.0

/// C3's score of one endpoint at one node (Suresh et al., NSDI 2015, section 3.1): R - 1/mu + q^3 / mu with
/// q = 1 + outstanding * clients + queue. R, 1/mu and the queue are averages in which the newest sample has weight 0.9.
struct CubicScore: BitwiseCopyable {
  static let sampleWeight = 0.9

  private(set) var outstanding: UInt32 = 0
  private var hasResponseTime = false
  private var hasReport = false
  /// Nanoseconds.
  private var responseTime = 0.0
  private var serviceTime = 0.0
  /// Requests.
  private var queue = 0.0

  /// The lower the better; 0 when nothing is known.
  func value(clients: Double) -> Double {
    let requests = 1 + Double(outstanding) * clients + queue
    return responseTime - serviceTime + requests * requests * requests * serviceTime
  }

  mutating func sent() { outstanding += 1 }

  mutating func finished(_ result: SelectorResult) {
    if outstanding > 0 { outstanding -= 1 }
    // It was never sent.
    if result.isAbandoned, result.latency == 0 { return }
    Self.average(&responseTime, Double(result.latency), hasResponseTime)
    hasResponseTime = true
  }

  mutating func reported(_ report: LoadReport) {
    Self.average(&queue, Double(report.requestsInFlight), hasReport)
    Self.average(&serviceTime, report.serviceTime, hasReport)
    // Until a response came, the time in the queue is taken to be the rest.
    if !hasResponseTime { responseTime = serviceTime }
    hasReport = true
  }

  private static func average(_ average: inout Double, _ sample: Double, _ hasSample: Bool) {
    average = hasSample ? sampleWeight * sample + (1 - sampleWeight) * average : sample
  }
}
