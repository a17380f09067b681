// SPDX-License-Identifier: Apache-2.0

internal import HTTPTypes

/// How a call ended: `grpc-status`, `grpc-message` and `grpc-status-details-bin` together, the last of which is a
/// google.rpc.Status. Thrown where it is not OK.
public struct GRPCStatus: Error, Hashable, Sendable, CustomStringConvertible {
  public var code: GRPCStatusCode
  /// For people; empty is usual for OK.
  public var message: String
  /// Nil: none were sent.
  public var details: GRPCStatusDetails?

  public init(_ code: GRPCStatusCode, _ message: String = "", details: GRPCStatusDetails? = nil) {
    self.code = code
    self.message = message
    self.details = details
  }

  /// A refusal of something that may be tried again after a while (google.rpc.RetryInfo).
  public init(_ code: GRPCStatusCode, _ message: String, retryDelay: Duration) {
    self.init(code, message, details: GRPCStatusDetails(retryDelay: retryDelay))
  }

  public static let ok = GRPCStatus(.ok)

  /// After which the other end wants to be asked again; nil when it did not say so.
  public var retryDelay: Duration? { details?.retryDelay }

  public var description: String { message.isEmpty ? "\(code)" : "\(code): \(message)" }
}

extension GRPCStatus {
  /// What a failed exchange means for the call.
  init(_ error: TransportError) {
    let code: GRPCStatusCode =
      switch error.code {
      case .timedOut: .deadlineExceeded
      case .cancelled: .cancelled
      case .connectFailed, .tlsFailed, .connectionClosed: .unavailable
      case _ where error.isUnprocessed: .unavailable
      case .reset(let reset): GRPCStatusCode(reset)
      case .limitExceeded: .resourceExhausted
      case .protocolViolation, .invalidConfiguration: .internal
      }
    self.init(code, error.message)
  }

  /// Reads a call's last header fields; nil without `grpc-status`. A value that is no number of a code is UNKNOWN, and
  /// details that cannot be read are dropped: they only explain.
  init?(trailers: HTTPFields) {
    guard let value = trailers[.grpcStatus] else { return nil }
    code = Int(value).flatMap(GRPCStatusCode.init) ?? .unknown
    message = trailers[.grpcMessage].map(PercentEncoding.decode) ?? ""
    if let text = trailers[.grpcStatusDetails], let bytes = Base64.decode(text) {
      details = GoogleRPCStatus(protobuf: bytes)?.details
    }
  }

  /// A call's last header fields.
  var trailers: HTTPFields {
    var fields = HTTPFields()
    fields[.grpcStatus] = String(code.rawValue)
    if !message.isEmpty { fields[.grpcMessage] = PercentEncoding.encode(message) }
    if let details { fields[.grpcStatusDetails] = Base64.encode(GoogleRPCStatus(self, details).protobuf) }
    return fields
  }
}
