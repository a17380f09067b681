// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testbed

/// Everything that was measured, and where.
struct Report: Encodable, Sendable {
  let machine: Machine
  /// ISO 8601, UTC.
  let startedAt: String
  let plan: BenchPlan
  var samples: [Sample] = []
  var summaries: [Summary] = []
  var scale: ScaleResult?
  var skipped: [Skipped] = []
  var bars: [Bar] = []

  init(plan: BenchPlan) {
    machine = .current()
    startedAt = Date().formatted(.iso8601)
    self.plan = plan
  }

  /// Derives medians, ratios and bars from the samples.
  mutating func conclude() {
    summaries = Summary.all(of: samples)
    bars = Bar.all(summaries, scale)
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }

  /// Writes bench.json into a directory and returns its path.
  func write(to directory: String) throws -> String {
    try Files.createDirectory(directory)
    let path = "\(directory)/bench.json"
    try Files.replace(path, with: json())
    return path
  }
}
