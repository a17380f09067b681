// SPDX-License-Identifier: Apache-2.0

/// Something the demo says about Swerve, with what was seen.
struct Claim: Encodable {
  let claim: String
  let held: Bool
  /// The figures it was judged by.
  let evidence: String

  init(_ claim: String, _ held: Bool, _ evidence: String) {
    self.claim = claim
    self.held = held
    self.evidence = evidence
  }

  var line: String { "\(held ? "ok    " : "FAILED") \(claim): \(evidence)" }
}
