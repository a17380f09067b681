// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import NIOCore
import OTLP
import Transport

extension ExportResult {
  /// - Parameter unixSeconds: now.
  init(_ response: WholeResponse, _ signal: Signal, unixSeconds: Int64) {
    let code = response.head.status.code
    let isJSON = response.head.headerFields[.contentType]?.lowercased().hasPrefix("application/json") == true
    if response.head.status.kind == .successful {
      self = .success(PartialSuccess.read(signal, response.body, as: isJSON ? .json : .protobuf))
      return
    }
    let status = ErrorBody(response.body, isJSON: isJSON)
    let failure = ExportFailure(String(code), "HTTP \(code)\(status.message.isEmpty ? "" : ": \(status.message)")")
    guard RetryableStatus.isRetryable(http: code) else {
      self = .permanent(failure)
      return
    }
    let asked = response.head.headerFields[.retryAfter].flatMap { RetryAfter.duration($0, unixSeconds: unixSeconds) }
    self = .retryable(failure, after: asked ?? status.retryDelay)
  }

  /// A connection that fails may work the next time; the far end has not said no.
  init(_ error: TransportError) {
    let failure = ExportFailure(error.code.errorType, error.message)
    switch error.code {
    case .invalidConfiguration, .limitExceeded: self = .permanent(failure)
    default: self = .retryable(failure, after: nil)
    }
  }
}

/// What an error says: a google.rpc.Status, or whatever a proxy writes.
private struct ErrorBody {
  var message = ""
  var retryDelay: Duration?

  private static let excerptLength = 200

  init(_ body: ByteBuffer, isJSON: Bool) {
    guard body.readableBytes > 0, body.readableBytes <= 64 << 10 else { return }
    let bytes = Array(body.readableBytesView)
    if isJSON {
      let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
      message = Self.excerpt(object?["message"] as? String ?? "")
    } else if let status = GoogleRPCStatus(protobuf: bytes) {
      message = Self.excerpt(status.message)
      retryDelay = status.details.retryDelay
    } else {
      message = Self.excerpt(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// One line of it.
  private static func excerpt(_ text: String) -> String {
    String(text.prefix { !$0.isNewline }.prefix(excerptLength))
  }
}

extension TransportError.Code {
  /// `error.type`.
  fileprivate var errorType: String {
    switch self {
    case .connectFailed: "connect_failed"
    case .tlsFailed: "tls_failed"
    case .protocolViolation: "protocol_violation"
    case .reset: "reset"
    case .connectionClosed: "connection_closed"
    case .timedOut: "timeout"
    case .limitExceeded: "limit_exceeded"
    case .cancelled: "cancelled"
    case .invalidConfiguration: "invalid_configuration"
    }
  }
}
