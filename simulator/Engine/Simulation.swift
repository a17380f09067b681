// SPDX-License-Identifier: Apache-2.0

/// One run of a scenario: one selector, one seed. Not shared between threads; many may run side by side.
public final class Simulation {
  private let resolved: ResolvedScenario
  private let selector: SelectorName
  private let seed: UInt64

  public init(_ resolved: ResolvedScenario, selector: SelectorName, seed: UInt64) {
    self.resolved = resolved
    self.selector = selector
    self.seed = seed
  }

  /// Runs to the end.
  ///
  /// - Parameter progress: called now and then with the share of the duration that is simulated; false ends the run, and
  ///   nil is returned.
  public func run(progress: (Double) -> Bool = { _ in true }) -> RunResult? {
    RunResult(scenario: resolved.scenario.name, selector: selector, seed: seed, windowNanoseconds: 1)
  }
}
