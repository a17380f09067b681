// SPDX-License-Identifier: Apache-2.0

public import SwerveABI

/// Which endpoints of a service stand out by how many of their requests fail: Envoy's success rate and failure percentage
/// detection (envoy/config/cluster/v3/outlier_detection.proto). Pure.
public struct RateDetection: Sendable {
  /// What an endpoint did in one interval.
  public struct Sample: Equatable, Sendable {
    public var successes: UInt64
    public var failures: UInt64

    public init(successes: UInt64, failures: UInt64) {
      self.successes = successes
      self.failures = failures
    }

    var volume: UInt64 { successes + failures }
    /// In percent.
    var successRate: Double { 100 * Double(successes) / Double(volume) }
  }

  private let detection: TrafficSettings.OutlierDetection

  public init(detection: TrafficSettings.OutlierDetection) { self.detection = detection }

  /// Indices of the outliers among the samples, with the cause; each at most once.
  public func outliers(among samples: [Sample]) -> [(index: Int, cause: swerve_cause)] {
    let byRate = belowTheOthers(samples).map { ($0, SWERVE_CAUSE_SUCCESS_RATE) }
    let seen = Set(byRate.map(\.0))
    return byRate + failing(samples).filter { !seen.contains($0) }.map { ($0, SWERVE_CAUSE_FAILURE_PERCENTAGE) }
  }

  /// Those whose success rate is further below the mean than so many standard deviations.
  private func belowTheOthers(_ samples: [Sample]) -> [Int] {
    guard let rule = detection.successRate else { return [] }
    let voters = samples.indices.filter { samples[$0].volume >= max(1, UInt64(rule.requestVolume)) }
    guard !voters.isEmpty, voters.count >= Int(rule.minimumHosts) else { return [] }
    let rates = voters.map { samples[$0].successRate }
    let mean = rates.reduce(0, +) / Double(rates.count)
    let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count)
    let threshold = mean - variance.squareRoot() * Double(rule.stdevFactor) / 1000
    return zip(voters, rates).filter { $1 < threshold }.map(\.0)
  }

  private func failing(_ samples: [Sample]) -> [Int] {
    guard let rule = detection.failurePercentage else { return [] }
    let voters = samples.indices.filter { samples[$0].volume >= max(1, UInt64(rule.requestVolume)) }
    guard !voters.isEmpty, voters.count >= Int(rule.minimumHosts) else { return [] }
    return voters.filter { 100 - samples[$0].successRate >= Double(rule.thresholdPercent) }
  }
}
