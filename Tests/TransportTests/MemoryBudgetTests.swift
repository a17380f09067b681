// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport

struct MemoryBudgetTests {
  @Test func isShortWhenLessThanAnEighthIsLeft() {
    let budget = MemoryBudget(bytesMax: 800)
    #expect(budget.reserve(700) && !budget.isShort)
    #expect(budget.reserve(1) && budget.isShort)
    budget.release(701)
    #expect(!budget.isShort)
  }

  @Test func reservesUpToItsBoundAndNotBeyond() {
    let budget = MemoryBudget(bytesMax: 100)
    #expect(budget.reserve(60))
    #expect(!budget.reserve(41))
    #expect(budget.reserve(40))
    budget.release(60)
    #expect(budget.reservedBytes == 40)
    #expect(budget.reserve(60))
  }

  @Test func neverOverflows() {
    let budget = MemoryBudget(bytesMax: 100)
    #expect(budget.reserve(1))
    #expect(!budget.reserve(.max))
    #expect(budget.reservedBytes == 1)
  }
}
