// SPDX-License-Identifier: Apache-2.0

/// The endpoints of one service port, gathered from all slices of its Service.
enum EndpointMerger {
  /// Sorted by address and port, without duplicates; the weight of those that take no new connections is 0.
  static func endpoints(
    of port: ServiceObject.Port, publishNotReady: Bool, _ slices: [Placed<SliceObject>]
  ) -> [Endpoint] {
    if let shared = sharedEndpoints(of: port, slices) { return shared }
    var endpoints: [Endpoint] = []
    endpoints.reserveCapacity(slices.reduce(0) { $0 + $1.object.endpoints.count })
    for slice in slices {
      guard let slicePort = slice.object.ports.first(where: { $0.name == port.name }) else { continue }
      for endpoint in slice.object.endpoints {
        let takesConnections = !endpoint.terminating && (endpoint.ready || publishNotReady)
        endpoints.append(
          Endpoint(
            address: endpoint.address, port: slicePort.number, weight: takesConnections ? endpoint.weight : 0,
            terminating: endpoint.terminating, ready: endpoint.ready, locality: endpoint.locality))
      }
    }
    sortAndMerge(&endpoints)
    return endpoints
  }

  /// The slice's own array where nothing in it has to change, which is the common case and halves the memory.
  private static func sharedEndpoints(of port: ServiceObject.Port, _ slices: [Placed<SliceObject>]) -> [Endpoint]? {
    guard slices.count == 1, let slice = slices.first?.object, slice.ports.count == 1,
      slice.ports[0].name == port.name,
      slice.endpoints.allSatisfy({ $0.weight > 0 && !$0.terminating && $0.ready }),
      zip(slice.endpoints, slice.endpoints.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    return slice.endpoints
  }

  /// Kubernetes may list an endpoint in two slices while it moves it from one to the other. The one with the larger
  /// weight is kept, whichever slice comes first, so that the result does not depend on the order of files.
  private static func sortAndMerge(_ endpoints: inout [Endpoint]) {
    let isSorted = zip(endpoints, endpoints.dropFirst()).allSatisfy { $0 < $1 }
    if isSorted { return }
    endpoints.sort { left, right in
      if left.address != right.address || left.port != right.port { return left < right }
      return precedence(left) < precedence(right)
    }
    var kept = 0
    for i in endpoints.indices.dropFirst() where endpoints[kept] < endpoints[i] {
      kept += 1
      endpoints[kept] = endpoints[i]
    }
    endpoints.removeSubrange((kept + 1)...)
  }

  private static func precedence(_ endpoint: Endpoint) -> (Int, Int, String, String) {
    (-Int(endpoint.weight), endpoint.ready ? 0 : 1, endpoint.zone ?? "", endpoint.nodeName ?? "")
  }
}
