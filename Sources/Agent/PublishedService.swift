// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Glibc
import Policy
import SwerveABI

/// A service as it stands in the kernel.
struct PublishedService {
  let id: UInt32
  var frontends: [Frontend] = []
  /// Its endpoints with the ids the kernel knows them by, sorted by address and port.
  var members: [EndpointSet.Member] = []
  /// Nil before the first publication, or when the kernel's is one this build does not know.
  var loadBalancer: LoadBalancer?
  /// Whether it is in request mode.
  var isPerRequest = false
  /// Nil before the first publication.
  var policy: PolicyImage?

  init(id: UInt32) {
    self.id = id
  }

  /// A service as the kernel holds it.
  init(id: UInt32, frontends: [Frontend], cells: [swerve_cell]) {
    self.id = id
    self.frontends = frontends
    loadBalancer = cells.first.flatMap { LoadBalancer(algorithm: $0.header.algorithm) }
    isPerRequest = cells.first.map { $0.header.per_request != 0 } ?? false
    policy = PolicyImage(cells)
    members = cells.publishedMembers
    members.sort { ($0.address, $0.port) < ($1.address, $1.port) }
  }

  /// Whether the kernel already holds what the policy says.
  ///
  /// - Parameter fallback: id of the service that is asked when no endpoint of this one may be.
  func isSame(as service: Service, fallback: UInt32?) -> Bool {
    loadBalancer == service.loadBalancer && isPerRequest == service.isPerRequest
      && Set(frontends) == Set(service.frontends)
      && policy == PolicyImage(service.settings, fallback: fallback)
      && members.elementsEqual(service.endpoints) { member, endpoint in
        member.address == endpoint.address && member.port == endpoint.port && member.weight == endpoint.weight
          && member.isStandby == endpoint.isStandby
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
  /// A policy's endpoint under a new id.
  init(_ endpoint: Endpoint, id: UInt32) {
    self.init(
      address: endpoint.address, port: endpoint.port, weight: endpoint.weight, isStandby: endpoint.isStandby, id: id,
      generation: 0)
  }

  init(_ endpoint: swerve_endpoint) {
    self.init(
      address: IPAddress(endpoint.address), port: UInt16(bigEndian: endpoint.port), weight: endpoint.weight,
      id: endpoint.id, generation: endpoint.generation)
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
