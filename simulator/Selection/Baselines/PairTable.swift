// SPDX-License-Identifier: Apache-2.0

/// A state for each pair of node and endpoint. Memory of a node comes with its first use, so that nodes that never choose
/// cost nothing; after that an access is two loads.
struct PairTable<Element: BitwiseCopyable>: ~Copyable {
  private let rows: UnsafeMutablePointer<UnsafeMutablePointer<Element>?>
  private let nodeCount: Int
  private let endpointCount: Int
  private let initial: Element

  init(_ services: any SelectorServices, initial: Element) {
    nodeCount = services.nodeCount
    endpointCount = services.endpointCount
    self.initial = initial
    rows = .allocate(capacity: max(1, nodeCount))
    rows.initialize(repeating: nil, count: max(1, nodeCount))
  }

  deinit {
    for node in 0..<nodeCount { rows[node]?.deallocate() }
    rows.deallocate()
  }

  /// The states of a node, indexed by endpoint.
  @inline(__always)
  func row(_ node: Int) -> UnsafeMutablePointer<Element> {
    assert(node >= 0 && node < nodeCount)
    if let row = rows[node] { return row }
    return allocateRow(node)
  }

  @inline(never)
  private func allocateRow(_ node: Int) -> UnsafeMutablePointer<Element> {
    let row = UnsafeMutablePointer<Element>.allocate(capacity: max(1, endpointCount))
    row.initialize(repeating: initial, count: max(1, endpointCount))
    rows[node] = row
    return row
  }

  @inline(__always)
  subscript(node: Int, endpoint: Int) -> Element {
    get {
      assert(endpoint >= 0 && endpoint < endpointCount)
      return row(node)[endpoint]
    }
    nonmutating set {
      assert(endpoint >= 0 && endpoint < endpointCount)
      row(node)[endpoint] = newValue
    }
  }

  /// Forgets what is known of the endpoint.
  func forget(node: Int, endpoint: Int) { self[node, endpoint] = initial }
}

extension PairTable where Element == UInt32 {
  @inline(__always)
  func increment(node: Int, endpoint: Int) { row(node)[endpoint] &+= 1 }

  /// Not below 0: what was sent before the endpoint was forgotten still ends.
  @inline(__always)
  func decrement(node: Int, endpoint: Int) {
    let row = row(node)
    if row[endpoint] > 0 { row[endpoint] &-= 1 }
  }
}
