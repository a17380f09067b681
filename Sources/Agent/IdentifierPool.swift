// SPDX-License-Identifier: Apache-2.0

/// Hands out array indices below a bound: those given back first, then the lowest fresh one.
struct IdentifierPool {
  let limit: UInt32
  private(set) var inUse: Int = 0
  /// All indices from here on are free.
  private var fresh: UInt32 = 0
  /// Returned indices below `fresh`.
  private var returned: [UInt32] = []

  /// - Parameters:
  ///   - limit: how many indices there are.
  ///   - taken: indices already in use.
  init(limit: Int, taken: Set<UInt32> = []) {
    self.limit = UInt32(limit)
    guard let highest = taken.max() else { return }
    inUse = taken.count
    fresh = highest + 1
    returned = (0..<highest).reversed().filter { !taken.contains($0) }
  }

  /// Indices that can still be taken.
  var available: Int { Int(limit) - inUse }

  /// Takes a free index, nil when there is none.
  mutating func take() -> UInt32? {
    if let index = returned.popLast() {
      inUse += 1
      return index
    }
    guard fresh < limit else { return nil }
    defer { fresh += 1 }
    inUse += 1
    return fresh
  }

  /// Gives an index back.
  mutating func put(_ index: UInt32) {
    inUse -= 1
    returned.append(index)
  }
}
