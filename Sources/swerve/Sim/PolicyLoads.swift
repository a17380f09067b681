// SPDX-License-Identifier: Apache-2.0

import Discovery
import Policy
import Simulator

/// Policy files as scenarios need them; those that several scenarios go by are read once.
final class PolicyLoads {
  private struct Key: Hashable {
    var paths: [String]
    var zone: String?
  }

  private var loads: [Key: PolicyLoad] = [:]

  /// - Parameter zone: of the node that reads them.
  func load(_ paths: [String], zone: String? = nil) -> PolicyLoad {
    let key = Key(paths: paths, zone: zone)
    if let load = loads[key] { return load }
    let load = PolicyLoad.load(paths: paths, zone: zone)
    loads[key] = load
    return load
  }
}

/// A scenario with one set of policy files.
struct ScenarioCase: Sendable {
  /// nil: the scenario's own files.
  let policies: PolicySet?
  /// nil when it cannot be run.
  let resolved: ResolvedScenario?
  /// Of the policy files.
  let diagnostics: [Diagnostic]
  /// Why they do not go with the scenario.
  let mismatch: ScenarioError?

  /// - Parameter directory: of the scenario's file: what its own paths are relative to.
  init(_ scenario: Scenario, _ policies: PolicySet?, directory: String, _ loads: PolicyLoads) {
    self.policies = policies
    var scenario = scenario
    if let policies {
      scenario.policy.paths = policies.paths
      if let service = policies.service { scenario.policy.service = service }
    }
    let paths = policies?.paths ?? scenario.policy.paths.map { Self.join(directory, $0) }
    let load = paths.isEmpty ? nil : loads.load(paths)
    diagnostics = load?.diagnostics ?? []
    guard load?.hasErrors != true else {
      (resolved, mismatch) = (nil, nil)
      return
    }
    do throws(ScenarioError) {
      let services = load?.store.sortedServices ?? []
      if policies != nil { scenario = try scenario.fitted(to: services) }
      var found = try ResolvedScenario.resolve(scenario, services: services)
      // As the nodes of each zone see the service: the same endpoints, of which some are standbys there.
      found.zonedServices = scenario.clients.zones.map { zone in
        paths.isEmpty
          ? found.service : loads.load(paths, zone: zone).store.services[found.service.name] ?? found.service
      }
      resolved = found
      mismatch = nil
    } catch {
      (resolved, mismatch) = (nil, error)
    }
  }

  private static func join(_ directory: String, _ path: String) -> String {
    path.hasPrefix("/") || directory.isEmpty || directory == "." ? path : "\(directory)/\(path)"
  }
}
