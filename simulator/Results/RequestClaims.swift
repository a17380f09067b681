// SPDX-License-Identifier: Apache-2.0

// Claims about requests, as the clients see them. None holds when there was no request to judge by: an expectation
// whose window is empty is a mistake, not a success.

final class LatencyWatch: ClaimWatch {
  private let percentile: Double
  private let bound: UInt64
  private let isAbove: Bool
  /// For the words; the verdict is by exact counts.
  private var histogram = LatencyHistogram()
  private var countBelow = 0

  /// - Parameter isAbove: the percentile must not be below the bound, instead of below.
  init(percentile: Double, bound: UInt64, isAbove: Bool, _ expectation: Expectation, _ scenario: Scenario) {
    self.percentile = percentile
    self.bound = bound
    self.isAbove = isAbove
    super.init(.requests, expectation, scenario)
  }

  override func requestEnded(began: UInt64, failed: Bool, latency: UInt64) {
    histogram.add(latency)
    if latency < bound { countBelow += 1 }
  }

  override func verdict() -> Verdict {
    let name = Text.percentile(percentile)
    let claim = "\(name) \(isAbove ? "at least" : "below") \(Self.bound(bound))"
    if histogram.total == 0 { return verdict(claim, holds: false, "no requests") }
    let rank = max(1, Int((percentile / 100 * Double(histogram.total)).rounded(.up)))
    let isBelow = countBelow >= rank
    // A bucket has the bound inside: the words must not contradict the verdict.
    let measured = histogram.percentile(percentile)
    let latency = isBelow ? min(measured, bound - 1) : max(measured, bound)
    return verdict(
      claim, holds: isBelow != isAbove,
      "\(name) \(Text.duration(latency)) of \(Text.count(histogram.total, of: "request"))")
  }
}

final class ErrorRateWatch: ClaimWatch {
  private let bound: Double
  private let isAbove: Bool
  private var requests = 0
  private var failures = 0

  /// - Parameter isAbove: the share must be larger than the bound, instead of below.
  init(bound: Double, isAbove: Bool, _ expectation: Expectation, _ scenario: Scenario) {
    self.bound = bound
    self.isAbove = isAbove
    super.init(.requests, expectation, scenario)
  }

  override func requestEnded(began: UInt64, failed: Bool, latency: UInt64) {
    requests += 1
    if failed { failures += 1 }
  }

  override func verdict() -> Verdict {
    let claim = "error rate \(isAbove ? "above" : "below") \(Self.bound(bound))"
    if requests == 0 { return verdict(claim, holds: false, "no requests") }
    let rate = Double(failures) / Double(requests)
    let measured =
      "error rate \(Text.percent(rate)): \(Text.count(failures)) of \(Text.count(requests, of: "request"))"
    return verdict(claim, holds: isAbove ? rate > bound : rate < bound, measured)
  }
}

final class ThroughputWatch: ClaimWatch {
  private let above: Double
  private var successes = 0

  init(above: Double, _ expectation: Expectation, _ scenario: Scenario) {
    self.above = above
    super.init(.requests, expectation, scenario)
  }

  override func requestEnded(began: UInt64, failed: Bool, latency: UInt64) {
    if !failed { successes += 1 }
  }

  override func verdict() -> Verdict {
    let seconds = end > from ? Double(end - from) / 1e9 : 0
    let rate = seconds > 0 ? Double(successes) / seconds : 0
    let measured =
      "\(Text.significant(rate, digits: 4)) per second: \(Text.count(successes)) in "
      + Text.duration(seconds * 1e9, digits: 6)
    return verdict(
      "more than \(Text.significant(above, digits: 6)) successful requests per second", holds: rate > above, measured)
  }
}

final class RefusedWatch: ClaimWatch {
  private let reason: String
  private let min: Int
  private let max: Int
  private var count = 0

  init(reason: String, min: Int, max: Int, _ expectation: Expectation, _ scenario: Scenario) {
    self.reason = reason
    self.min = min
    self.max = max
    super.init(.refusals, expectation, scenario)
  }

  override func requestRefused(reason: String) {
    if reason == self.reason { count += 1 }
  }

  override func verdict() -> Verdict {
    let range =
      if min == max {
        Text.count(min)
      } else if max == .max {
        "at least \(Text.count(min))"
      } else {
        "\(Text.count(min)) to \(Text.count(max))"
      }
    return verdict(
      "\(range) refused by \(reason)", holds: min <= count && count <= max, "\(Text.count(count)) refused")
  }
}
