// SPDX-License-Identifier: Apache-2.0

/// A quantile of the last values each node has seen, by a sorted copy of them.
struct RecentQuantile: ~Copyable {
  private struct Node: BitwiseCopyable {
    var count: Int32 = 0
    var next: Int32 = 0
  }

  let window: Int
  private let recent: UnsafeMutablePointer<UInt32>
  private let sorted: UnsafeMutablePointer<UInt32>
  private let nodes: UnsafeMutablePointer<Node>

  init(nodeCount: Int, window: Int) {
    self.window = window
    let capacity = max(1, nodeCount) * window
    recent = .allocate(capacity: capacity)
    sorted = .allocate(capacity: capacity)
    recent.initialize(repeating: 0, count: capacity)
    sorted.initialize(repeating: 0, count: capacity)
    nodes = .allocate(capacity: max(1, nodeCount))
    nodes.initialize(repeating: Node(), count: max(1, nodeCount))
  }

  deinit {
    recent.deallocate()
    sorted.deallocate()
    nodes.deallocate()
  }

  func add(_ value: UInt32, node: Int) {
    let sorted = sorted + node * window
    let slot = recent + node * window + Int(nodes[node].next)
    var count = Int(nodes[node].count)
    if count == window {
      var index = 0
      while index < count - 1, sorted[index] != slot.pointee { index += 1 }
      while index < count - 1 {
        sorted[index] = sorted[index + 1]
        index += 1
      }
      count -= 1
    }
    slot.pointee = value
    var index = count
    while index > 0, sorted[index - 1] > value {
      sorted[index] = sorted[index - 1]
      index -= 1
    }
    sorted[index] = value
    nodes[node].count = Int32(count + 1)
    nodes[node].next = Int32((Int(nodes[node].next) + 1) % window)
  }

  /// The smallest of the values that a share `quantile` of all is not above; nil when there are none, or at 0.
  func value(_ quantile: Double, node: Int) -> UInt32? {
    let count = Int(nodes[node].count)
    let rank = Int((quantile * Double(count)).rounded(.up))
    return rank > 0 ? sorted[node * window + min(rank, count) - 1] : nil
  }
}
