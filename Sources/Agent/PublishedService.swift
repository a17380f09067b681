// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Glibc
import Policy
import SwerveABI

/// A service as it stands in the kernel.
struct PublishedService {
  let id: UInt32
  var frontends: [Frontend] = []
  /// Sorted by address and port. Mostly the policy's own array, which is then held once.
  private(set) var endpoints: [Endpoint] = []
  /// How the kernel knows the endpoints, in the same order.
  private var identities: [Identity] = []
  /// Nil before the first publication, or when the kernel's is one this build does not know.
  var loadBalancer: LoadBalancer?
  /// Whether it is in request mode.
  var isPerRequest = false
  /// Nil before the first publication.
  var policy: PolicyImage?

  private struct Identity {
    let id: UInt32
    let generation: UInt32
  }

  init(id: UInt32) {
    self.id = id
  }

  /// Its endpoints with the ids the kernel knows them by, sorted by address and port. Made from what is held, so that a
  /// full node takes 8 bytes for each and not 32 more.
  var members: [EndpointSet.Member] {
    get {
      zip(endpoints, identities).map { endpoint, identity in
        EndpointSet.Member(endpoint, id: identity.id, generation: identity.generation)
      }
    }
    set {
      endpoints = newValue.map(Endpoint.init)
      identities = newValue.map { Identity(id: $0.id, generation: $0.generation) }
    }
  }

  /// Holds the arrays of a policy that says the same in place of equal ones.
  mutating func share(_ service: Service) {
    if endpoints.count == service.endpoints.count { endpoints = service.endpoints }
    if frontends == service.frontends { frontends = service.frontends }
  }

  /// A service as the kernel holds it.
  init(id: UInt32, frontends: [Frontend], cells: [swerve_cell]) {
    self.id = id
    self.frontends = frontends
    loadBalancer = cells.first.flatMap { LoadBalancer(algorithm: $0.header.algorithm) }
    isPerRequest = cells.first.map { $0.header.per_request != 0 } ?? false
    policy = PolicyImage(cells)
    members = cells.publishedMembers.sorted { ($0.address, $0.port) < ($1.address, $1.port) }
  }

  /// Whether the kernel already holds what the policy says.
  ///
  /// - Parameter fallback: id of the service that is asked when no endpoint of this one may be.
  func isSame(as service: Service, fallback: UInt32?) -> Bool {
    loadBalancer == service.loadBalancer && isPerRequest == service.isPerRequest
      && Set(frontends) == Set(service.frontends)
      && policy == PolicyImage(service.settings, fallback: fallback)
      && endpoints.elementsEqual(service.endpoints) { held, wanted in
        held.address == wanted.address && held.port == wanted.port && held.weight == wanted.weight
          && held.isStandby == wanted.isStandby
      }
  }

  /// The endpoints of a policy with the ids they already have; nil where one is new. Both lists are sorted, so this is one
  /// walk over them. Also which members the policy no longer names.
  func match(_ endpoints: [Endpoint]) -> (known: [EndpointSet.Member?], leaving: [EndpointSet.Member]) {
    var known: [EndpointSet.Member?] = []
    known.reserveCapacity(endpoints.count)
    var leaving: [EndpointSet.Member] = []
    var rest = members[...]
    for endpoint in endpoints {
      while let member = rest.first, (member.address, member.port) < (endpoint.address, endpoint.port) {
        leaving.append(rest.removeFirst())
      }
      let isKnown = rest.first.map { ($0.address, $0.port) == (endpoint.address, endpoint.port) } ?? false
      known.append(isKnown ? rest.removeFirst() : nil)
    }
    return (known, leaving + rest)
  }
}

extension EndpointSet.Member {
  /// A policy's endpoint under an id.
  init(_ endpoint: Endpoint, id: UInt32, generation: UInt32 = 0) {
    self.init(
      address: endpoint.address, port: endpoint.port, weight: endpoint.weight, isStandby: endpoint.isStandby, id: id,
      generation: generation)
  }

  init(_ endpoint: swerve_endpoint) {
    self.init(
      address: IPAddress(endpoint.address), port: UInt16(bigEndian: endpoint.port), weight: endpoint.weight,
      id: endpoint.id, generation: endpoint.generation)
  }
}

extension Endpoint {
  /// What the kernel holds of an endpoint.
  fileprivate init(_ member: EndpointSet.Member) {
    self.init(address: member.address, port: member.port, weight: member.weight, isStandby: member.isStandby)
  }
}

extension swerve_service_info {
  /// The record of a service; `name` is cut at the ABI's bound, which validated names never reach.
  init(name: String, frontends: [Frontend]) {
    self.init()
    withUnsafeMutableBytes(of: &self.name) { buffer in
      buffer.copyBytes(from: name.utf8.prefix(buffer.count - 1))
    }
    if let first = frontends.first { self.frontends.0 = swerve_frontend(first) }
    if let second = frontends.dropFirst().first { self.frontends.1 = swerve_frontend(second) }
  }

  /// "namespace/name:port", empty when the id is free.
  var serviceName: String {
    withUnsafeBytes(of: name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }

  /// The addresses it answers to.
  var publishedFrontends: [Frontend] {
    [frontends.0, frontends.1].filter { $0.port != 0 }.map(Frontend.init)
  }
}

extension swerve_frontend {
  init(_ frontend: Frontend) {
    self.init()
    address = swerve_address(frontend.address)
    port = frontend.port.bigEndian
    `protocol` = UInt8(IPPROTO_TCP)
  }
}

extension Frontend {
  init(_ frontend: swerve_frontend) {
    self.init(address: IPAddress(frontend.address), port: UInt16(bigEndian: frontend.port))
  }
}

extension [swerve_cell] {
  /// The same as members.
  var publishedMembers: [EndpointSet.Member] {
    guard let header = first?.header else { return [] }
    let standbys = Int(header.endpoint_count) - Int(header.standby_count)..<Int(header.endpoint_count)
    return publishedEndpoints.enumerated().map { index, endpoint in
      var member = EndpointSet.Member(endpoint)
      member.isStandby = standbys.contains(index)
      return member
    }
  }

  /// The endpoints among the cells of a set, the draining ones last.
  var publishedEndpoints: [swerve_endpoint] {
    guard let header = first?.header else { return [] }
    return dropFirst(Int(SWERVE_CELL_ENDPOINTS)).prefix(Int(header.endpoint_count + header.draining_count))
      .map(\.endpoint)
  }
}
