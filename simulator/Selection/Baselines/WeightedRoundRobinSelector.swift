// SPDX-License-Identifier: Apache-2.0

/// `wrr`: gRPC's client-side weighted round robin (proposal A58) with its static stride scheduler.
///
/// The weight of an endpoint is qps / (utilization + eps / qps * penalty), from the load reports that come with its
/// responses. A weight counts once reports have come for the blackout period, until none has come for the expiration
/// period. Schedules are made anew every update period, or when there are other candidates.
final class WeightedRoundRobinSelector: EndpointSelector {
  struct Parameters {
    var blackoutPeriod: UInt64 = 10_000_000_000
    var expirationPeriod: UInt64 = 180_000_000_000
    var updatePeriod: UInt64 = 1_000_000_000
    var errorUtilizationPenalty = 1.0
  }

  /// Times are milliseconds: a pair has 16 bytes.
  private struct Weight: BitwiseCopyable {
    static let never = UInt32.max
    var weight: Float = 0
    var updated = Weight.never
    var nonEmptySince = Weight.never
    /// Of the present schedule: 65535 for the heaviest.
    var scaled: UInt16 = 0
  }

  private struct Schedule {
    var made = UInt64.max
    var count = 0
    var list = -1
    /// False: too few endpoints or no weights; round robin.
    var isWeighted = false
    var sequence: UInt32 = 0
    var turn: UInt32 = 0
  }

  private static let weightMax = UInt64(UInt16.max)
  /// Weights count at most this many times, and at least this part of, the mean.
  private static let ratioMax = 10.0
  private static let ratioMin = 0.1

  private let parameters: Parameters
  private let weights: PairTable<Weight>
  private var schedules: ContiguousArray<Schedule>

  init(services: any SelectorServices, parameters: Parameters = Parameters()) {
    self.parameters = parameters
    weights = PairTable(services, initial: Weight())
    schedules = ContiguousArray(repeating: Schedule(), count: services.nodeCount)
  }

  var needs: SelectorNeeds { SelectorNeeds(reports: true) }

  func select(_ choice: borrowing Choice) -> Selection {
    var schedule = schedules[choice.node]
    if schedule.made == .max {
      schedule.sequence = UInt32(truncatingIfNeeded: choice.random)
      schedule.turn = UInt32(truncatingIfNeeded: choice.random >> 32)
    }
    if schedule.made == .max || choice.now.since(schedule.made) >= parameters.updatePeriod
      || schedule.count != choice.count
      || schedule.list != choice.list
    {
      schedule.isWeighted = makeSchedule(choice)
      schedule.made = choice.now
      schedule.count = choice.count
      schedule.list = choice.list
    }
    let index = schedule.isWeighted ? pick(choice, &schedule) : nil
    if let index {
      schedules[choice.node] = schedule
      return .endpoint(choice.candidate(index))
    }
    let turn = Int(schedule.turn) % choice.count
    schedule.turn &+= 1
    schedules[choice.node] = schedule
    return .endpoint(choice.candidate(turn))
  }

  /// The next index whose turn is not skipped: one of weight w is taken w times in 65535 rounds, evenly spread.
  private func pick(_ choice: borrowing Choice, _ schedule: inout Schedule) -> Int? {
    let row = weights.row(choice.node)
    let count = UInt32(choice.count)
    // One whose weight is the mean or more is met within some rounds; the bound is for candidates without a weight,
    // which came after the schedule was made.
    for _ in 0..<choice.count * 32 {
      let (generation, index) = schedule.sequence.quotientAndRemainder(dividingBy: count)
      schedule.sequence &+= 1
      let weight = UInt64(row[choice.candidate(Int(index))].scaled)
      let remainder = (weight * UInt64(generation) + UInt64(index) * (Self.weightMax / 2)) % Self.weightMax
      if remainder >= Self.weightMax - weight, weight > 0 { return Int(index) }
    }
    return nil
  }

  /// Whether there is anything to weigh.
  private func makeSchedule(_ choice: borrowing Choice) -> Bool {
    if choice.count < 2 { return false }
    let row = weights.row(choice.node)
    let now = Self.milliseconds(choice.now)
    var sum = 0.0
    var largest = 0.0
    var known = 0
    for endpoint in choice.candidates {
      let weight = Double(currentWeight(&row[Int(endpoint)], now))
      sum += weight
      largest = max(largest, weight)
      if weight > 0 { known += 1 }
    }
    if known == 0 { return false }
    let mean = sum / Double(known)
    largest = min(largest, Self.ratioMax * mean)
    let factor = Double(Self.weightMax) / largest
    let scaledMean = UInt16((factor * mean).rounded())
    let scaledMin = max(1, UInt16((Double(scaledMean) * Self.ratioMin).rounded()))
    for endpoint in choice.candidates {
      let weight = Double(currentWeight(&row[Int(endpoint)], now))
      let scaled = UInt16((min(weight, largest) * factor).rounded())
      row[Int(endpoint)].scaled = weight == 0 ? scaledMean : max(scaled, scaledMin)
    }
    return true
  }

  /// 0: not known, or not to be used yet or any more.
  private func currentWeight(_ weight: inout Weight, _ now: UInt32) -> Float {
    if weight.updated == Weight.never { return 0 }
    if UInt64(now.since(weight.updated)) >= parameters.expirationPeriod / 1_000_000 {
      weight.nonEmptySince = Weight.never
      return 0
    }
    if UInt64(now.since(weight.nonEmptySince)) < parameters.blackoutPeriod / 1_000_000 { return 0 }
    return weight.weight
  }

  func reported(node: Int, endpoint: Int, report: LoadReport, now: UInt64) {
    let qps = report.requestsPerSecond
    var utilization = report.utilization
    if utilization > 0, qps > 0 {
      utilization += report.errorsPerSecond / qps * parameters.errorUtilizationPenalty
    }
    let weight = utilization > 0 ? Float(qps / utilization) : 0
    if weight <= 0 || !weight.isFinite { return }
    let row = weights.row(node)
    let milliseconds = Self.milliseconds(now)
    if row[endpoint].nonEmptySince == Weight.never { row[endpoint].nonEmptySince = milliseconds }
    row[endpoint].updated = milliseconds
    row[endpoint].weight = weight
  }

  private static func milliseconds(_ time: UInt64) -> UInt32 {
    UInt32(truncatingIfNeeded: min(time / 1_000_000, UInt64(Weight.never) - 1))
  }

  func sent(node: Int, endpoint: Int, now: UInt64) {}
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {}
  func left(node: Int, endpoint: Int, now: UInt64) { weights.forget(node: node, endpoint: endpoint) }
}
