// SPDX-License-Identifier: Apache-2.0

/// One address and port that may serve a connection.
///
/// A node may hold 131,072 of these, so where it runs is kept in a shared `Locality`: 32 bytes each.
public struct Endpoint: Hashable, Sendable {
  public let address: IPAddress
  /// Host byte order; never 0.
  public let port: UInt16
  /// Share of new connections relative to the other endpoints of the service; 0 means no new connections.
  public let weight: UInt16
  /// Whether it is shutting down: it keeps its connections and gets no new ones.
  public let terminating: Bool
  public let ready: Bool
  /// Whether it is used only while the endpoints of the node's own zone are ejected (locality failover).
  public let isStandby: Bool
  let locality: Locality?

  /// The zone of the node it runs on, for example `eu-central-1a`.
  public var zone: String? { locality?.zone }
  /// The node it runs on.
  public var nodeName: String? { locality?.nodeName }

  public init(
    address: IPAddress, port: UInt16, weight: UInt16 = 1, zone: String? = nil, nodeName: String? = nil,
    terminating: Bool = false, ready: Bool = true, isStandby: Bool = false
  ) {
    self.init(
      address: address, port: port, weight: weight, terminating: terminating, ready: ready, isStandby: isStandby,
      locality: Locality.shared(zone: zone, nodeName: nodeName))
  }

  init(
    address: IPAddress, port: UInt16, weight: UInt16, terminating: Bool, ready: Bool, isStandby: Bool = false,
    locality: Locality?
  ) {
    self.address = address
    self.port = port
    self.weight = weight
    self.terminating = terminating
    self.ready = ready
    self.isStandby = isStandby
    self.locality = locality
  }

  func standingBy() -> Endpoint {
    Endpoint(
      address: address, port: port, weight: weight, terminating: terminating, ready: ready, isStandby: true,
      locality: locality)
  }

  func weighing(_ weight: UInt16) -> Endpoint {
    Endpoint(
      address: address, port: port, weight: weight, terminating: terminating, ready: ready, isStandby: isStandby,
      locality: locality)
  }
}

extension Endpoint: Comparable {
  /// By address, then port: the order of a service's endpoints.
  public static func < (left: Self, right: Self) -> Bool {
    left.address != right.address ? left.address < right.address : left.port < right.port
  }
}

extension Endpoint: Codable {
  private enum CodingKeys: String, CodingKey {
    case address, port, weight, zone, nodeName, terminating, ready, isStandby
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      address: try container.decode(IPAddress.self, forKey: .address),
      port: try container.decode(UInt16.self, forKey: .port),
      weight: try container.decode(UInt16.self, forKey: .weight),
      zone: try container.decodeIfPresent(String.self, forKey: .zone),
      nodeName: try container.decodeIfPresent(String.self, forKey: .nodeName),
      terminating: try container.decode(Bool.self, forKey: .terminating),
      ready: try container.decode(Bool.self, forKey: .ready),
      isStandby: try container.decodeIfPresent(Bool.self, forKey: .isStandby) ?? false)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(address, forKey: .address)
    try container.encode(port, forKey: .port)
    try container.encode(weight, forKey: .weight)
    try container.encodeIfPresent(zone, forKey: .zone)
    try container.encodeIfPresent(nodeName, forKey: .nodeName)
    try container.encode(terminating, forKey: .terminating)
    try container.encode(ready, forKey: .ready)
    try container.encode(isStandby, forKey: .isStandby)
  }
}
