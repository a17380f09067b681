// SPDX-License-Identifier: Apache-2.0

import Testbed
public import Testing

/// For suites whose tests have another end: sockets, programs, servers. They may block, each on a thread of its own
/// (Testbed's `blocking`), and only a few run at a time: all at once, every answer would wait for the work of hundreds,
/// longer than any time-out that a test can sensibly have.
public struct NetworkTrait: SuiteTrait, TestTrait, TestScoping {
  public let isRecursive = true

  /// For both the test's end and the other's there should be a processor now and then; many of the tests only wait.
  private static let atOnceMax = 6
  private static let turns = Turns(atOnceMax)

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    await Self.turns.take()
    defer { Self.turns.give() }
    try await blocking { try await function() }
  }
}

extension Trait where Self == NetworkTrait {
  /// Its tests have another end: they may block, and only a few run at a time.
  public static var network: Self { Self() }
}
