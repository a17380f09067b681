// SPDX-License-Identifier: Apache-2.0

/// Which answers mean "try again" (OTLP specification, "Failures" of OTLP/gRPC and "Retryable Response Codes" of
/// OTLP/HTTP).
enum RetryableStatus {
  /// - Parameter hasRetryInfo: the server says when to come back: only then RESOURCE_EXHAUSTED is worth an attempt.
  static func isRetryable(grpc code: Int, hasRetryInfo: Bool) -> Bool {
    switch code {
    case 1: true  // CANCELLED
    case 4: true  // DEADLINE_EXCEEDED
    case 8: hasRetryInfo  // RESOURCE_EXHAUSTED
    case 10: true  // ABORTED
    case 11: true  // OUT_OF_RANGE
    case 14: true  // UNAVAILABLE
    case 15: true  // DATA_LOSS
    default: false
    }
  }

  static func isRetryable(http status: Int) -> Bool {
    switch status {
    case 429, 502, 503, 504: true
    default: false
    }
  }
}
