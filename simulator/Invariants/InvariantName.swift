// SPDX-License-Identifier: Apache-2.0

/// The invariants, as reports and docs/SIMULATOR-SEARCH.md name them.
enum InvariantName: String, CaseIterable {
  case time = "time never goes backwards"
  case conserved = "work is conserved"
  case once = "nothing is answered twice"
  case neverNegative = "requests in flight are never negative"
  case zeroAtTheEnd = "nothing is in flight at the end"
  case known = "only endpoints that are known and take requests are chosen"
  case notEjected = "no request to an ejected endpoint"
  case panic = "ejection is ignored in panic only"
  case limits = "limits are never exceeded"
  case ejectionShare = "no more endpoints are ejected than allowed"
  case refusals = "what is refused has its reason"
  case breakers = "breakers change as they may"
  case statistics = "statistics equal the truth"
  case results = "results add up"
  case determinism = "the same seed gives the same run"
}
