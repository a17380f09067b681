// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulator
import Testbed

/// What `sim search` has found.
struct SearchReport: Encodable {
  let seeds: Int
  let requests: Int
  let findings: [SearchFinding]
}

/// A seed with a violation, in its smallest form.
struct SearchFinding: Encodable {
  let seed: UInt64
  let selector: String
  let invariant: String
  let detail: String
  /// Nanoseconds from the start of the run.
  let time: UInt64
  /// Text of the two files.
  let scenario: String
  let policy: String
  /// The one command that runs it again.
  let replay: String

  /// - Parameter directory: where the two files are written, in a directory of their own; nil: nowhere.
  init(_ finding: Search.Finding, below directory: String?) throws {
    let smallest = finding.minimised
    seed = finding.seed
    selector = smallest.selector.description
    (invariant, detail) = (finding.minimisedViolation.invariant, finding.minimisedViolation.detail)
    time = finding.minimisedViolation.time
    (scenario, policy) = (smallest.scenarioText, smallest.policyText)
    guard let directory else {
      replay = "swerve sim search --first-seed \(seed) --seeds 1"
      return
    }
    let path = "\(directory)/\(smallest.scenario.name)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try Files.replace("\(path)/scenario.yaml", with: scenario)
    try Files.replace("\(path)/policy.yaml", with: policy)
    replay = "swerve sim run \(Shell.quoted("\(path)/scenario.yaml"))"
  }

  /// For people.
  var text: String {
    """
    seed \(seed), \(selector): \(invariant), at \(Text.duration(time))
      \(detail)

    # scenario.yaml
    \(scenario)
    # policy.yaml
    \(policy)
    replay: \(replay)

    """
  }
}
