// SPDX-License-Identifier: Apache-2.0

import Testbed
import Testing

/// Runs each test of a suite with Testbed's `blocking`: for those that use blocking sockets or wait for programs.
struct BlockingTrait: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    try await Testbed.blocking { try await function() }
  }
}

extension Trait where Self == BlockingTrait {
  /// Its tests may block: they run on threads of their own.
  static var blocking: Self { Self() }
}
