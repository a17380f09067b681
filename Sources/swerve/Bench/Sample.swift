// SPDX-License-Identifier: Apache-2.0

import Testbed

/// One number that was measured.
enum Metric: String, Codable, Sendable, CaseIterable {
  case requestsPerSecond
  case connectionsPerSecond
  case p50Microseconds
  case p99Microseconds
  /// Requests or connections that failed.
  case errors
  /// The whole connect hook: look-up, selection, socket storage, counting.
  case nanosecondsPerDecision
  /// The selection alone.
  case nanosecondsPerSelection
  /// All of Swerve's programs together, from connect to close.
  case nanosecondsPerConnection
  /// All programs that a request and its response pass; the statistics' own clock readings are in it, four times.
  case nanosecondsPerRequest
  /// Requests that the kernel steered, of all.
  case steeredShare
}

/// One run of one measurement.
struct Sample: Codable, Sendable {
  let measure: Measure
  /// A ``BenchPath``, or a load balancer.
  let subject: String
  /// Connections, endpoints, or simulated requests.
  let size: Int
  /// Of a response: its body, or for the smallest the whole of it.
  let bytes: Int
  /// From 0; samples of the same round were taken next to each other.
  let round: Int
  let values: [String: Double]

  static let smallestBytes = 167

  init(
    _ measure: Measure, _ subject: String, size: Int, bytes: Int = Sample.smallestBytes, round: Int,
    _ values: [Metric: Double]
  ) {
    self.measure = measure
    self.subject = subject
    self.size = size
    self.bytes = bytes
    self.round = round
    self.values = Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
  }
}

/// The rounds of one measurement taken together.
struct Summary: Codable, Sendable {
  let measure: Measure
  let subject: String
  let size: Int
  let bytes: Int
  let medians: [String: Double]
  /// Round by round against the base: direct, or the same subject at its smallest: for decisions, and for simulated runs.
  let ratios: [String: [Double]]
  let medianRatios: [String: Double]

  func median(_ metric: Metric) -> Double? { medians[metric.rawValue] }
  func ratio(_ metric: Metric) -> Double? { medianRatios[metric.rawValue] }

  /// In the order in which measurement, size and subject first appear.
  static func all(of samples: [Sample]) -> [Summary] {
    var seen: [[Sample]] = []
    var index: [String: Int] = [:]
    for sample in samples {
      let key = "\(sample.measure) \(sample.bytes) \(sample.size) \(sample.subject)"
      if let known = index[key] {
        seen[known].append(sample)
      } else {
        index[key] = seen.count
        seen.append([sample])
      }
    }
    return seen.compactMap { group in group.first.map { Summary(group, first: $0, base: base(of: $0, in: seen)) } }
  }

  private static func base(of sample: Sample, in groups: [[Sample]]) -> [Sample] {
    let same = groups.filter { $0.first?.measure == sample.measure }
    if sample.measure == .decisions || sample.measure == .simulator {
      let mine = same.filter { $0.first?.subject == sample.subject }
      return mine.min { ($0.first?.size ?? 0) < ($1.first?.size ?? 0) } ?? []
    }
    return same.first {
      $0.first?.subject == BenchPath.direct.rawValue && $0.first?.size == sample.size && $0.first?.bytes == sample.bytes
    } ?? []
  }

  private init(_ group: [Sample], first: Sample, base: [Sample]) {
    measure = first.measure
    subject = first.subject
    size = first.size
    bytes = first.bytes
    var medians: [String: Double] = [:]
    var ratios: [String: [Double]] = [:]
    for metric in Metric.allCases.map(\.rawValue) {
      medians[metric] = Statistics.median(group.compactMap { $0.values[metric] })
      // A round whose base is missing has no ratio; pairs are by round, not by position.
      let pairs = group.compactMap { sample -> (Double, Double)? in
        guard let value = sample.values[metric] else { return nil }
        guard let other = base.first(where: { $0.round == sample.round })?.values[metric] else { return nil }
        return (value, other)
      }
      let found = Statistics.ratios(pairs.map(\.0), to: pairs.map(\.1))
      if !found.isEmpty { ratios[metric] = found }
    }
    self.medians = medians
    self.ratios = ratios
    medianRatios = ratios.compactMapValues(Statistics.median)
  }
}
