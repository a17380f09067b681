// SPDX-License-Identifier: Apache-2.0

/// Limits of a node beyond those of a decision: retries, the pool's connections, requests that wait for one.
extension Invariants {
  /// One more retry is under way on the node. Every request counts once, however often it is tried.
  func retryBegan(node: Int) {
    let policy = settings.request
    var limit = UInt64(policy.maxRetries)
    if let budget = policy.retryBudget, budget.budgetPercent > 0 {
      limit = max(UInt64(budget.minRetryConcurrency), UInt64(nodes[node].open) * UInt64(budget.budgetPercent) / 100)
    }
    nodes[node].retries += 1
    if UInt64(nodes[node].retries) > limit {
      violate(.limits, "node \(node): \(nodes[node].retries) retries under way of at most \(limit)")
    }
  }

  func retried(node: Int, number: UInt32) {
    if number > settings.request.retryAttempts {
      violate(.limits, "node \(node): retry \(number) of a request, of at most \(settings.request.retryAttempts)")
    }
  }

  func retryEnded(node: Int) { nodes[node].retries &-= 1 }

  // MARK: The pool

  /// A request has got a connection.
  @inline(__always)
  func leased(node: Int, _ pools: ConnectionPools) {
    nodes[node].leased += 1
    let open = pools.open[node]
    if open > pools.limit || nodes[node].leased > open {
      violate(.limits, "node \(node): \(nodes[node].leased) of \(open) connections in use, at most \(pools.limit)")
    }
  }

  @inline(__always)
  func returned(node: Int) {
    if nodes[node].leased == 0 { return violate(.once, "node \(node): a connection was given back twice") }
    nodes[node].leased -= 1
  }

  func beganToWait(node: Int) {
    nodes[node].waiting += 1
    if nodes[node].waiting > settings.maxPendingRequests {
      violate(.limits, "node \(node): \(nodes[node].waiting) requests wait, at most \(settings.maxPendingRequests)")
    }
  }

  func ceasedToWait(node: Int) { nodes[node].waiting &-= 1 }
}
