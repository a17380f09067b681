// SPDX-License-Identifier: Apache-2.0

/// A request from the moment its client wants it until the client has an answer or has given up.
struct Request {
  var began: UInt64 = 0
  var seed: UInt64 = 0
  var client: Int32 = 0
  var node: Int32 = 0
  /// Which list of candidates it may go to.
  var list: Int32 = 0
  /// The attempt under way; -1: none.
  var job: Int32 = -1
  /// Endpoints that were tried, the last four.
  var tried = SIMD4<Int32>(repeating: -1)
  /// Raised when the place is given to another request: what refers to an earlier one is stale then.
  var generation: UInt32 = 0
  var retries: UInt32 = 0
  /// Raised with every attempt and every pause.
  var step: UInt32 = 0
  var isOpen = false
  var isMeasured = false
  /// Counts among the node's retries under way.
  var holdsRetry = false
  /// Waits for a connection of the node's pool.
  var isPending = false
}

/// How a request ended for its client.
enum RequestEnd: Equatable {
  case success, fallback, status, reset, timeout
  /// By index of `enum swerve_reason`.
  case refused(UInt32)

  var isFailure: Bool { self != .success && self != .fallback }

  /// For the trace.
  var number: UInt64 {
    switch self {
    case .success: 0
    case .fallback: 1
    case .status: 2
    case .reset: 3
    case .timeout: 4
    case .refused(let reason): 16 + UInt64(reason)
    }
  }
}
