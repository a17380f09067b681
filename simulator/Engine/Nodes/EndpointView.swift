// SPDX-License-Identifier: Apache-2.0

/// The endpoints as a node knows them. Shared by all nodes that know the same.
final class EndpointView {
  /// By endpoint.
  let isKnown: [Bool]
  /// Known, but to get nothing new.
  let isDraining: [Bool]
  /// Lists of endpoints that take new requests: one, or with replicas one for each first endpoint.
  let lists: UnsafeMutableBufferPointer<UnsafeBufferPointer<Int32>>

  init(isKnown: [Bool], isDraining: [Bool], replicas: Int) {
    self.isKnown = isKnown
    self.isDraining = isDraining
    let count = isKnown.count
    let listCount = replicas > 0 ? count : 1
    lists = .allocate(capacity: listCount)
    for list in 0..<listCount {
      let members =
        replicas > 0 ? (0..<min(replicas, count)).map { (list + $0) % count }.sorted() : Array(0..<count)
      let usable = members.filter { isKnown[$0] && !isDraining[$0] }.map { Int32($0) }
      let buffer = UnsafeMutableBufferPointer<Int32>.allocate(capacity: usable.count)
      _ = buffer.initialize(from: usable)
      lists.initializeElement(at: list, to: UnsafeBufferPointer(buffer))
    }
  }

  deinit {
    for list in lists { list.deallocate() }
    lists.deallocate()
  }
}
