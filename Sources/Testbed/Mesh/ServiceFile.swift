// SPDX-License-Identifier: Apache-2.0

public import Policy

/// A Kubernetes Service with its EndpointSlices, as the YAML text that the agent watches in its policies directory.
public struct ServiceFile: Sendable {
  public var name: String
  public var namespace: String
  /// What clients connect to.
  public var address: TCPAddress
  public var endpoints: [TCPAddress]
  public var loadBalancer: LoadBalancer
  /// "http" for request mode; nil for connection mode.
  public var appProtocol: String?
  /// Of endpoints that have another one than 1.
  public var weights: [TCPAddress: UInt16] = [:]

  public init(
    name: String, namespace: String = "bench", address: TCPAddress, endpoints: [TCPAddress],
    loadBalancer: LoadBalancer = .leastRequest, appProtocol: String? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.address = address
    self.endpoints = endpoints
    self.loadBalancer = loadBalancer
    self.appProtocol = appProtocol
  }

  /// Endpoints of one slice: Kubernetes' own default (--max-endpoints-per-slice of kube-controller-manager).
  private static let sliceEndpointsMax = 100

  /// Writes the file into a policies directory in one step and returns its path.
  @discardableResult
  public func write(to directory: String) throws -> String {
    let path = "\(directory)/\(name).yaml"
    try Files.replace(path, with: yaml)
    return path
  }

  /// The Service, then its slices: one for every port and address family, and for every 100 endpoints.
  public var yaml: String {
    var documents = [service]
    let groups = Dictionary(grouping: endpoints) { "\($0.isIPv6 ? "IPv6" : "IPv4") \($0.port)" }
    for (_, members) in groups.sorted(by: { $0.key < $1.key }) {
      for start in stride(from: 0, to: members.count, by: Self.sliceEndpointsMax) {
        let end = min(start + Self.sliceEndpointsMax, members.count)
        documents.append(slice(documents.count, Array(members[start..<end])))
      }
    }
    return documents.joined(separator: "---\n")
  }

  /// What Kubernetes has a field for has no annotation.
  private var isSticky: Bool { loadBalancer == .sourceIP }

  private var service: String {
    """
    apiVersion: v1
    kind: Service
    metadata:
      name: \(name)
      namespace: \(namespace)
      annotations:\(isSticky ? " {}" : "\n    swerve.dev/load-balancer: \(loadBalancer.rawValue)")
    spec:
      sessionAffinity: \(isSticky ? "ClientIP" : "None")
      clusterIP: "\(address.host)"
      ports:
      - name: http
        protocol: TCP
        port: \(address.port)
    \(appProtocol.map { "    appProtocol: \($0)\n" } ?? "")
    """
  }

  private func weightAnnotation(_ members: [TCPAddress]) -> String {
    let weighted = members.compactMap { member in weights[member].map { "\(member.host)=\($0)" } }
    return weighted.isEmpty ? "{}" : "{swerve.dev/weights: \"\(weighted.joined(separator: ","))\"}"
  }

  private func slice(_ number: Int, _ members: [TCPAddress]) -> String {
    """
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata:
      name: \(name)-\(number)
      namespace: \(namespace)
      annotations: \(weightAnnotation(members))
      labels:
        kubernetes.io/service-name: \(name)
    addressType: \(members.first?.isIPv6 == true ? "IPv6" : "IPv4")
    ports:
    - name: http
      protocol: TCP
      port: \(members.first?.port ?? 0)
    endpoints:
    \(members.map { "- addresses: [\"\($0.host)\"]\n  conditions: {ready: true}" }.joined(separator: "\n"))

    """
  }
}
