// SPDX-License-Identifier: Apache-2.0

/// A client's connection, in connection mode.
struct Connection {
  var client: Int32 = 0
  var node: Int32 = 0
  var endpoint: Int32 = 0
  /// Requests it has carried.
  var uses = 0
  var lastUsed: UInt64 = 0
  /// Of the endpoint on this node.
  var incarnation: UInt16 = 0
  /// What the node's clock said when it was begun.
  var begunClock: UInt64 = 0
  /// The next idle connection of the client; -1: none.
  var next: Int32 = -1
  var isIdle = false
  /// The one under way, or the last.
  var request: Int32 = -1
}
