// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Policy
import SwerveABI

/// A service as it stands in the kernel.
struct PublishedService {
  /// An endpoint of one service, whatever its weight or zone.
  struct EndpointKey: Hashable {
    var address: IPAddress
    var port: UInt16
  }

  /// The kernel's name of an endpoint.
  struct Identity: Hashable {
    var id: UInt32
    var generation: UInt32
  }

  let id: UInt32
  var frontends: [Frontend]
  var endpoints: [EndpointKey: Identity]
  /// The policy it was published from; nil when it was found in the kernel and no policy has named it since.
  var policy: Service?

  /// Reads what the kernel holds under a service id, from maps alone.
  init?(id: UInt32, info: swerve_service_info, cells: [swerve_cell]?) {
    guard !info.serviceName.isEmpty else { return nil }
    self.id = id
    frontends = info.publishedFrontends
    endpoints = [:]
    for endpoint in (cells ?? []).publishedEndpoints {
      let key = EndpointKey(address: IPAddress(endpoint.address), port: UInt16(bigEndian: endpoint.port))
      endpoints[key] = Identity(id: endpoint.id, generation: endpoint.generation)
    }
  }

  init(id: UInt32) {
    self.id = id
    frontends = []
    endpoints = [:]
  }
}

extension PublishedService.EndpointKey {
  init(_ endpoint: Endpoint) {
    self.init(address: endpoint.address, port: endpoint.port)
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
    // IPPROTO_TCP of <netinet/in.h>.
    `protocol` = 6
  }
}

extension Frontend {
  init(_ frontend: swerve_frontend) {
    self.init(address: IPAddress(frontend.address), port: UInt16(bigEndian: frontend.port))
  }
}

extension [swerve_cell] {
  /// The endpoints among the cells of a set, the draining ones last.
  var publishedEndpoints: [swerve_endpoint] {
    guard let header = first?.header else { return [] }
    return dropFirst().prefix(Int(header.endpoint_count + header.draining_count)).map(\.endpoint)
  }
}
