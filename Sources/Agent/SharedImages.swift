// SPDX-License-Identifier: Apache-2.0

import Policy

/// One image for all services with the same policy: nearly all have one of a few.
struct SharedImages {
  private var known: Set<PolicyImage> = []

  /// When there are more they are forgotten: those in use stay, sharing starts afresh.
  private static let countMax = 1024

  /// An equal image that is held already, or this one from now on.
  mutating func shared(_ image: PolicyImage) -> PolicyImage {
    if known.count >= Self.countMax && !known.contains(image) { known = [] }
    return known.insert(image).memberAfterInsert
  }
}
