// SPDX-License-Identifier: Apache-2.0

/// What an application connects to: a virtual IP and a port.
public struct Frontend: Hashable, Codable, Sendable {
  public let address: IPAddress
  /// Host byte order; never 0.
  public let port: UInt16

  public init(address: IPAddress, port: UInt16) {
    self.address = address
    self.port = port
  }
}

extension Frontend: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    left.address != right.address ? left.address < right.address : left.port < right.port
  }
}

extension Frontend: CustomStringConvertible {
  /// `127.96.0.1:80` or `[fd00::1]:80`.
  public var description: String { address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}

/// One service as the kernel knows it: one port of a Kubernetes Service in one IP family.
public struct Service: Hashable, Sendable {
  /// `namespace/name:port`, with the port's name, or its number when it has none. A Service with addresses of both
  /// families makes two of these per port, told apart by `/ipv4` and `/ipv6` at the end.
  public let name: String
  /// The cluster IP, an external IP, or both: 1 or 2, all of one family.
  public let frontends: [Frontend]
  public let loadBalancer: LoadBalancer
  /// The application protocol as written, for example `http`; nil when the file does not say. See `isPerRequest`.
  public let appProtocol: String?
  /// Sorted by address and port, without duplicates. Those of weight 0 are draining: they keep the connections they have
  /// and get no new ones. Without one of a weight above 0 the service refuses connections.
  public let endpoints: [Endpoint]
  private let sharedSettings: SharedSettings
  /// Where the port is written.
  public let source: SourceLocation

  public init(
    name: String, frontends: [Frontend], loadBalancer: LoadBalancer, appProtocol: String? = nil,
    endpoints: [Endpoint], settings: TrafficSettings = TrafficSettings(), source: SourceLocation
  ) {
    self.name = name
    self.frontends = frontends
    self.loadBalancer = loadBalancer
    self.appProtocol = appProtocol
    self.endpoints = endpoints
    sharedSettings = SharedSettings.shared(settings)
    self.source = source
  }

  /// Limits, outlier detection, timeouts and retries.
  public var settings: TrafficSettings { sharedSettings.value }

  /// Whether an endpoint is selected for every request instead of every connection. Nothing but `http` means HTTP/1.1:
  /// HTTP/2 without TLS is `kubernetes.io/h2c`, and its requests share a connection.
  public var isPerRequest: Bool { appProtocol == "http" }

  /// Whether both mean the same to the kernel; where they are written may differ.
  public func hasSameMeaning(as other: Service) -> Bool {
    name == other.name && frontends == other.frontends && loadBalancer == other.loadBalancer
      && appProtocol == other.appProtocol && endpoints == other.endpoints && sharedSettings == other.sharedSettings
  }
}

extension Service: Codable {
  private enum CodingKeys: String, CodingKey {
    case name, frontends, loadBalancer, appProtocol, endpoints, settings, source
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      frontends: try container.decode([Frontend].self, forKey: .frontends),
      loadBalancer: try container.decode(LoadBalancer.self, forKey: .loadBalancer),
      appProtocol: try container.decodeIfPresent(String.self, forKey: .appProtocol),
      endpoints: try container.decode([Endpoint].self, forKey: .endpoints),
      settings: try container.decode(TrafficSettings.self, forKey: .settings),
      source: try container.decode(SourceLocation.self, forKey: .source))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(frontends, forKey: .frontends)
    try container.encode(loadBalancer, forKey: .loadBalancer)
    try container.encodeIfPresent(appProtocol, forKey: .appProtocol)
    try container.encode(endpoints, forKey: .endpoints)
    try container.encode(settings, forKey: .settings)
    try container.encode(source, forKey: .source)
  }
}
