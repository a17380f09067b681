// SPDX-License-Identifier: Apache-2.0

import Testbed
import Testing

@testable import Agent

@Suite struct IdentifierPoolTests {
  private func takeAll(_ pool: inout IdentifierPool) -> [UInt32] {
    var taken: [UInt32] = []
    while let index = pool.take() { taken.append(index) }
    return taken
  }

  @Test func lowestIndicesComeFirstUntilNoneIsLeft() {
    var pool = IdentifierPool(limit: 4)
    #expect(takeAll(&pool) == [0, 1, 2, 3])
    #expect(pool.take() == nil)
    #expect(pool.inUse == 4 && pool.available == 0)
  }

  @Test func emptyPoolGivesNothing() {
    var pool = IdentifierPool(limit: 0)
    #expect(pool.take() == nil)
    #expect(pool.inUse == 0 && pool.available == 0)
  }

  @Test func returnedIndexIsReusedBeforeAFreshOne() {
    var pool = IdentifierPool(limit: 10)
    for _ in 0..<5 { _ = pool.take() }
    pool.put(2)
    #expect(pool.inUse == 4 && pool.available == 6)
    #expect(pool.take() == 2)
    #expect(pool.take() == 5)
  }

  @Test(arguments: [[5, 0, 2], [0], [7], [0, 1, 2, 3, 4, 5, 6, 7]] as [Set<UInt32>])
  func indicesInUseAreNotHandedOut(taken: Set<UInt32>) {
    var pool = IdentifierPool(limit: 8, taken: taken)
    #expect(pool.inUse == taken.count && pool.available == 8 - taken.count)
    #expect(takeAll(&pool) == (0..<8).filter { !taken.contains($0) })
  }

  /// Whatever is taken and returned in whatever order, nobody gets an index that another has.
  @Test func indexHasOneOwnerAtATime() throws {
    var random = SeededGenerator(seed: 1)
    for limit in [1, 2, 16, 100] {
      var owned = Set((0..<UInt32(limit)).filter { _ in Bool.random(using: &random) })
      var pool = IdentifierPool(limit: limit, taken: owned)
      for _ in 0..<2000 {
        if Bool.random(using: &random), let index = owned.randomElement(using: &random) {
          owned.remove(index)
          pool.put(index)
        } else if let index = pool.take() {
          try #require(owned.insert(index).inserted && index < limit)
        } else {
          try #require(owned.count == limit)
        }
        try #require(pool.inUse == owned.count && pool.available == limit - owned.count)
      }
    }
  }
}
