// SPDX-License-Identifier: Apache-2.0

/// The kinds of objects that say how traffic to a host is treated.
enum RuleKind: String, CaseIterable, Sendable {
  case destinationRule = "DestinationRule"
  case virtualService = "VirtualService"
  case trafficPolicy = "TrafficPolicy"
}

/// A DestinationRule, VirtualService or TrafficPolicy as one file says it, checked on its own.
struct RuleObject: Sendable {
  enum Content: Sendable {
    case destinationRule(DestinationRule)
    case virtualService(VirtualService)
    case trafficPolicy(TrafficPolicy)
  }

  let kind: RuleKind
  let key: ObjectKey
  let position: Position
  /// At least one, each once. Only a VirtualService may have several.
  let hosts: [RuleHost]
  /// `exportTo: ["."]`: it concerns only Services of its own namespace.
  let isPrivate: Bool
  let content: Content
}

/// A host as a rule names it.
struct RuleHost: Sendable {
  let pattern: HostPattern
  let position: Position
}

struct DestinationRule: Sendable {
  /// `Subset`: the endpoints whose EndpointSlice has all of these labels.
  struct Subset: Sendable {
    let name: String
    let labels: [String: String]
    let policy: PortedPolicy
    let position: Position
  }

  var policy = PortedPolicy()
  var subsets: [Subset] = []
}

/// A `trafficPolicy` with its `portLevelSettings`.
struct PortedPolicy: Sendable {
  struct Port: Sendable {
    let number: UInt16
    let policy: PolicyGroups
    let position: Position
  }

  var groups = PolicyGroups()
  var ports: [Port] = []
}

/// The parts of a `trafficPolicy` that replace each other as wholes; nil for one that is not given.
struct PolicyGroups: Sendable {
  var connectionPool: [Assignment]?
  var outlierDetection: [Assignment]?
  var loadBalancer: LoadBalancerRule?
}

struct LoadBalancerRule: Sendable {
  /// The algorithm and the warm-up.
  var assignments: [Assignment] = []
  var locality: LocalityRule?
}

/// What a VirtualService says about the requests of its hosts.
struct VirtualService: Sendable {
  struct SubsetName: Sendable {
    let name: String
    let position: Position
  }

  var assignments: [Assignment] = []
  var subset: SubsetName?
  /// `destination.port.number`: it concerns only this port.
  var port: UInt16?
  var portPosition = Position.start
}

/// What only Swerve's own kind can say.
struct TrafficPolicy: Sendable {
  var port: UInt16?
  var portPosition = Position.start
  var assignments: [Assignment] = []
}
