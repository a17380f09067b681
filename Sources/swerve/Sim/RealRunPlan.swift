// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Simulator
import Testbed

/// What a real run needs of a scenario: its policy with addresses of the loopback.
struct RealRunPlan {
  let scenario: Scenario
  let selector: SelectorName
  /// Of the endpoints, in the scenario's order.
  let addresses: [TCPAddress]
  /// What clients connect to.
  let target: TCPAddress
  /// Made of the scenario; empty with policy files.
  let services: [ServiceFile]
  /// The policy files, with the loopback's addresses.
  let files: [(name: String, text: String)]

  private static let host = "127.96.64.1"

  /// - Parameter directory: what the paths of the policy files are relative to.
  init(_ resolved: ResolvedScenario, selector: SelectorName, directory: String) throws {
    scenario = resolved.scenario
    self.selector = selector
    let obstacles = RealRunLimits.obstacles(scenario) + Self.obstacles(resolved, selector)
    guard obstacles.isEmpty else {
      throw TestbedError(
        "run \(scenario.name) for real", reason: obstacles.joined(separator: "; "),
        nextStep: "run it simulated only: swerve sim run")
    }
    let hosts = (0..<scenario.endpointCount).map { "127.0.64.\($0 + 1)" }
    if scenario.policy.paths.isEmpty {
      let port = try FreePort.find(on: hosts)
      addresses = try hosts.map { try Self.address($0, port) }
      target = try Self.address(Self.host, 80)
      services = [Self.serviceFile(resolved, selector, target, addresses)]
      files = []
    } else {
      let members = resolved.endpointIndices.map { resolved.service.endpoints[$0] }
      addresses = try zip(hosts, members).map { try Self.address($0, $1.port) }
      let frontend = resolved.service.frontends[0]
      target = try Self.address(Self.host, frontend.port)
      services = []
      var moved = Dictionary(zip(members.map { "\($0.address)" }, hosts)) { first, _ in first }
      moved["\(frontend.address)"] = Self.host
      files = try scenario.policy.paths.enumerated().map { index, path in
        let text = try Files.read("\(directory)/\(path)")
        return ("\(index)-\(URL(filePath: path).lastPathComponent)", AddressMove(moved).apply(to: text))
      }
    }
  }

  private static func obstacles(_ resolved: ResolvedScenario, _ selector: SelectorName) -> [String] {
    var found: [String] = []
    switch selector {
    case .core: break
    case .coreWith(let loadBalancer):
      if !resolved.scenario.policy.paths.isEmpty, loadBalancer != resolved.service.loadBalancer {
        found.append("the policy files say \(resolved.service.loadBalancer.rawValue), not \(loadBalancer.rawValue)")
      }
    case .baseline: found.append("\(selector) is not of the kernel: choose swerve or swerve/LEAST_REQUEST")
    }
    if resolved.hasFallback { found.append("the policy has a fallback, whose answers look like those of endpoints") }
    let endpoints = resolved.service.endpoints
    if Set(endpoints.map { "\($0.address)" }).count != endpoints.count {
      found.append("two endpoints of the policy files share an address")
    }
    if !endpoints.allSatisfy(\.address.isIPv4) || !resolved.service.frontends.allSatisfy(\.address.isIPv4) {
      found.append("the policy files have IPv6 addresses")
    }
    if !resolved.scenario.policy.paths.isEmpty, endpoints.count != resolved.endpointIndices.count {
      found.append("the policy files have endpoints that the scenario has not")
    }
    if resolved.service.isPerRequest != (resolved.scenario.clients.mode == .request),
      !resolved.scenario.policy.paths.isEmpty
    {
      found.append("the clients' mode is not the one that the policy files give the service")
    }
    return found
  }

  private static func serviceFile(
    _ resolved: ResolvedScenario, _ selector: SelectorName, _ target: TCPAddress, _ addresses: [TCPAddress]
  ) -> ServiceFile {
    var loadBalancer = resolved.service.loadBalancer
    if case .coreWith(let other) = selector { loadBalancer = other }
    var file = ServiceFile(
      name: "verify", namespace: "sim", address: target, endpoints: addresses, loadBalancer: loadBalancer,
      appProtocol: resolved.scenario.clients.mode == .request ? "http" : nil)
    let weights = resolved.scenario.endpoints.flatMap { Array(repeating: $0.weight, count: $0.count) }
    for (address, weight) in zip(addresses, weights) where weight != 1 { file.weights[address] = weight }
    return file
  }

  private static func address(_ host: String, _ port: UInt16) throws -> TCPAddress {
    guard let address = TCPAddress(host, port) else {
      throw TestbedError("use address \(host)", reason: "not numeric")
    }
    return address
  }
}

/// IPv4 addresses in a text, replaced by others wherever they stand as a whole.
struct AddressMove {
  private let moved: [String: String]

  init(_ moved: [String: String]) { self.moved = moved }

  func apply(to text: String) -> String {
    var result = ""
    var word = ""
    // The last character ends the last word.
    for character in text + "\n" {
      if character.isASCII, character.isNumber || character == "." {
        word.append(character)
      } else {
        result += (moved[word] ?? word) + String(character)
        word = ""
      }
    }
    return String(result.dropLast())
  }
}
