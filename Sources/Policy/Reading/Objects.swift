// SPDX-License-Identifier: Apache-2.0

/// A Kubernetes Service as one file says it, checked on its own but not yet against other files.
struct ServiceObject: Sendable {
  /// A VIP with the field that names it, for messages about conflicts.
  struct Address: Sendable {
    let address: IPAddress
    let position: Position
    let field: String
  }

  struct Port: Sendable {
    let name: String?
    let number: UInt16
    let appProtocol: String?
    let position: Position
    /// Index in `spec.ports`.
    let index: Int
  }

  let key: ObjectKey
  let position: Position
  let addresses: [Address]
  /// Only TCP ports.
  let ports: [Port]
  /// What the Service itself says: session affinity, or Swerve's annotation; nil when it says nothing.
  let loadBalancer: LoadBalancer?
  let loadBalancerPosition: Position
  let publishNotReadyAddresses: Bool
}

/// An EndpointSlice as one file says it.
struct SliceObject: Sendable {
  struct Port: Sendable {
    let name: String?
    let number: UInt16
  }

  let key: ObjectKey
  /// The Service it belongs to.
  let service: ObjectKey
  let position: Position
  let labels: [String: String]
  let isIPv4: Bool
  /// Only TCP ports.
  let ports: [Port]
  /// With the port of the slice when it has one; otherwise with port 0, as every endpoint stands for all of `ports`.
  let endpoints: [Endpoint]
}

/// `namespace/name`.
struct ObjectKey: Hashable, Comparable, Sendable, CustomStringConvertible {
  let namespace: String
  let name: String

  static func < (left: Self, right: Self) -> Bool {
    (left.namespace, left.name) < (right.namespace, right.name)
  }

  var description: String { "\(namespace)/\(name)" }
}
