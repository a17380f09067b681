// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Transport

/// What a refusal is in the protocols' words (OTLP specification, "Failures" of OTLP/gRPC and of OTLP/HTTP).
extension Refusal {
  var status: GRPCStatus {
    switch reason {
    case .overloaded(let delay): GRPCStatus(.unavailable, message, retryDelay: delay)
    case .unavailable: GRPCStatus(.unavailable, message)
    case .invalid: GRPCStatus(.invalidArgument, message)
    case .tooLarge: GRPCStatus(.resourceExhausted, message)
    case .unauthenticated: GRPCStatus(.unauthenticated, message)
    case .permissionDenied: GRPCStatus(.permissionDenied, message)
    }
  }

  var httpStatus: HTTPResponse.Status {
    switch reason {
    case .overloaded, .unavailable: .serviceUnavailable
    case .invalid: .badRequest
    case .tooLarge: .contentTooLarge
    case .unauthenticated: .unauthorized
    case .permissionDenied: .forbidden
    }
  }

  /// Whole seconds until the sender may try again, at least one (RFC 9110, section 10.2.3).
  var retryAfterSeconds: Int? {
    guard case .overloaded(let delay) = reason else { return nil }
    return max(1, Int(delay.inSeconds.rounded(.up)))
  }
}
