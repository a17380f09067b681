// SPDX-License-Identifier: Apache-2.0

import Policy

/// Results of each endpoint on each node since the last look, as the agent reads them from the kernel.
struct RateWatch {
  let detection: RateDetection
  let interval: UInt64
  private let endpointCount: Int
  private let countsUnanswered: Bool
  private var samples: [RateDetection.Sample]

  /// - Parameter epoch: between two looks of the agent: an interval ends with the first that finds it over.
  /// - Returns: nil when the policy detects no outliers by rate.
  init?(_ policy: TrafficSettings.OutlierDetection, epoch: UInt64, nodes: Int, endpoints: Int) {
    guard policy.successRate != nil || policy.failurePercentage != nil else { return nil }
    detection = RateDetection(detection: policy)
    let wanted = max(1, UInt64(policy.intervalMilliseconds)) * 1_000_000
    interval = (wanted + epoch - 1) / epoch * epoch
    endpointCount = endpoints
    countsUnanswered = !policy.splitExternalLocalOriginErrors
    samples = [RateDetection.Sample](repeating: .init(successes: 0, failures: 0), count: nodes * endpoints)
  }

  mutating func note(node: Int, endpoint: Int, _ result: SelectorResult) {
    if result.isAbandoned || (result.status == 0 && !countsUnanswered) { return }
    if result.isSuccess {
      samples[node * endpointCount + endpoint].successes += 1
    } else {
      samples[node * endpointCount + endpoint].failures += 1
    }
  }

  /// What was counted since the last call.
  mutating func takeSamples() -> [RateDetection.Sample] {
    let taken = samples
    for index in samples.indices { samples[index] = .init(successes: 0, failures: 0) }
    return taken
  }
}
