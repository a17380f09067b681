// SPDX-License-Identifier: Apache-2.0

/// Counts failures by seconds, from `from` on. The seconds are laid so that one begins where the claim begins to bind;
/// what is left over before that is a part of its own, and what is left over at the end belongs to the last whole
/// second, so that three requests in a millisecond do not pass for a second.
final class RecoveryWatch: ClaimWatch {
  private static let second: UInt64 = 1_000_000_000

  private let within: UInt64
  private let errorRate: Double
  /// Length of the part before the first second; may be 0.
  private let lead: UInt64
  /// The part before, and the seconds. Not an array, whose checks would cost more than the counting.
  private let parts: UnsafeMutableBufferPointer<(requests: Int, failures: Int)>

  init(within: UInt64, errorRate: Double, _ expectation: Expectation, _ scenario: Scenario) {
    self.within = within
    self.errorRate = errorRate
    lead = within % Self.second
    let from = expectation.from ?? scenario.warmup
    let end = min(expectation.until ?? scenario.duration, scenario.duration)
    let length = end > from ? end - from : 0
    let seconds = length > lead ? max(1, (length - lead) / Self.second) : 1
    // Bounded by what a run can simulate.
    parts = .allocate(capacity: Int(min(seconds, 1_000_000)) + 1)
    parts.initialize(repeating: (0, 0))
    super.init(.requests, expectation, scenario)
  }

  deinit { parts.deallocate() }

  override func requestEnded(began: UInt64, failed: Bool, latency: UInt64) {
    let time = began - from
    let part = time < lead ? 0 : min(parts.count - 1, Int((time - lead) / Self.second) + 1)
    parts[part].requests += 1
    if failed { parts[part].failures += 1 }
  }

  override func verdict() -> Verdict {
    let claim = "error rate at most \(Self.bound(errorRate)) in every second from \(Self.bound(within)) on"
    let firstBound = Int(within / Self.second) + 1
    let bound = firstBound..<max(firstBound, parts.count)
    if bound.allSatisfy({ parts[$0].requests == 0 }) { return verdict(claim, holds: false, "no requests") }
    var worst = bound.lowerBound
    for part in bound where rate(part) > rate(worst) { worst = part }
    let measured = "at most \(Text.percent(rate(worst))) in a second; \(recoveryInWords)"
    return verdict(claim, holds: rate(worst) <= errorRate, measured)
  }

  private func rate(_ part: Int) -> Double {
    parts[part].requests == 0 ? 0 : Double(parts[part].failures) / Double(parts[part].requests)
  }

  /// When the last part that was worse than allowed was over.
  private var recoveryInWords: String {
    guard let last = parts.indices.last(where: { rate($0) > errorRate }) else { return "never above the bound" }
    if last == parts.count - 1 { return "not recovered at the end" }
    return "recovered after \(Text.duration(lead + UInt64(last) * Self.second))"
  }
}
