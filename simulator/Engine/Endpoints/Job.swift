// SPDX-License-Identifier: Apache-2.0

/// One attempt at a request, from the moment it is sent until its response is back or nobody waits for it any more.
struct Job {
  /// -1 once nobody waits for the response.
  var request: Int32 = -1
  /// Of connection mode; -1 in request mode.
  var connection: Int32 = -1
  var endpoint: Int32 = 0
  var node: Int32 = 0
  /// Of the endpoint on this node: once that has moved on, the result is nobody's.
  var incarnation: UInt16 = 0
  /// Of the request, for what is drawn by chance about it.
  var seed: UInt64 = 0
  var sent: UInt64 = 0
  /// What the node's clock said then.
  var sentClock: UInt64 = 0
  var arrived: UInt64 = 0
  var started: UInt64 = 0
  /// Nanoseconds of one core at full speed.
  var work = 0.0
  /// Requests in flight at the endpoint when it arrived.
  var arrivalInFlight: UInt32 = 0
  /// Of the response; 0: the connection was reset or refused.
  var status: UInt16 = 0
  var place = Place.underWay
  /// The endpoint is not to go on with it: its client has gone.
  var isCancelled = false
  /// Nothing of it has reached an endpoint: the connect was refused.
  var isUnconnected = false
  var isMeasured = false

  enum Place: UInt8 {
    /// On its way to the endpoint, or answered and on its way back.
    case underWay
    /// At the endpoint.
    case served
    /// Lost on the way: nothing will come of it.
    case lost
  }
}
