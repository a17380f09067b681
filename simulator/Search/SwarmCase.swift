// SPDX-License-Identifier: Apache-2.0

import Policy

/// One run of a swarm: everything about it, so that it can be written to two files and run again.
public struct SwarmCase: Hashable, Sendable {
  public var scenario: Scenario
  public var policy: PolicySketch
  public var selector: SelectorName
  public var seed: UInt64

  static let policyName = "policy.yaml"

  /// The scenario's file; it names the policy's, which lies beside it.
  public var scenarioText: String { ScenarioWriter.text(scenario) }
  public var policyText: String { policy.text(for: scenario) }

  /// Why a case cannot be run: the files would be refused.
  public struct Invalid: Error, CustomStringConvertible {
    public var description: String
  }

  /// Reads the policy's text as the command line reads files: once for everybody, and once for each zone.
  public func resolved() throws(Invalid) -> ResolvedScenario {
    let file = PolicyParser.parse(policyText, path: Self.policyName)
    let store = Self.store(file, zone: nil)
    if let error = (file.diagnostics + store.diagnostics).first(where: { $0.severity == .error }) {
      throw Invalid(description: error.description)
    }
    do throws(ScenarioError) {
      var resolved = try ResolvedScenario.resolve(scenario, services: store.sortedServices)
      resolved.zonedServices = scenario.clients.zones.map { zone in
        Self.store(file, zone: zone).services[resolved.service.name] ?? resolved.service
      }
      return resolved
    } catch {
      throw Invalid(description: error.description)
    }
  }

  private static func store(_ file: ParsedFile, zone: String?) -> PolicyStore {
    var store = PolicyStore(zone: zone)
    _ = store.apply(replacing: [file], removing: [])
    return store
  }

  /// The same, with the scenario read from its text, too: what the two files will do.
  func resolvedFromText() throws(Invalid) -> ResolvedScenario {
    let parsed = ScenarioParser.parse(scenarioText, path: "scenario.yaml")
    guard let read = parsed.scenario else {
      throw Invalid(description: parsed.diagnostics.first?.description ?? "the scenario cannot be read")
    }
    var copy = self
    copy.scenario = read
    return try copy.resolved()
  }
}
