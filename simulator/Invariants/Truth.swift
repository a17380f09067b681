// SPDX-License-Identifier: Apache-2.0

/// What a node really has with an endpoint: counted by the simulation itself, next to the core's own statistics.
struct EndpointTruth {
  /// Attempts under way; connections, in connection mode.
  var underWay: Int32 = 0
  /// Whether the node knows it as one that takes new requests.
  var isTaking = false
  /// Copy of `BreakerModel.state`, beside what every decision reads.
  var breaker = BreakerModel.State.closed
  // Since it was published.
  var selected: UInt64 = 0
  var established: UInt64 = 0
  var failed: UInt64 = 0

  /// It has left: what is under way goes on, all else begins anew.
  mutating func leave() {
    self = EndpointTruth(underWay: underWay)
  }
}

/// The same of a node.
struct NodeTruth {
  var underWay: Int32 = 0
  /// Endpoints that take new requests.
  var taking: UInt32 = 0
  var ejected: UInt32 = 0
  /// Requests that are neither answered nor failed, and retries among them.
  var open: UInt32 = 0
  var retries: UInt32 = 0
  /// Connections of the pool in use, and requests that wait for one.
  var leased: UInt32 = 0
  var waiting: UInt32 = 0
}
