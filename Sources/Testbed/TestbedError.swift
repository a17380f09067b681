// SPDX-License-Identifier: Apache-2.0

/// Why the testbed could not do something: the thing, the reason and the next step.
public struct TestbedError: Error, CustomStringConvertible, Sendable {
  /// What was attempted and on what, for example "start nginx".
  public let thing: String
  /// What went wrong, in the words of whoever refused.
  public let reason: String
  /// What the reader can do about it; empty when the reason says it all.
  public let nextStep: String

  public init(_ thing: String, reason: String, nextStep: String = "") {
    self.thing = thing
    self.reason = reason
    self.nextStep = nextStep
  }

  public var description: String {
    nextStep.isEmpty ? "\(thing): \(reason)" : "\(thing): \(reason); \(nextStep)"
  }
}
