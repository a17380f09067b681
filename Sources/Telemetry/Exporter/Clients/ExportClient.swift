// SPDX-License-Identifier: Apache-2.0

/// Sends one request to the far end, once. Called by several tasks at once.
public protocol ExportClient: Sendable {
  /// - Parameter timeout: for the whole exchange. Cancelling the task ends it at once, with a retryable result.
  func export(_ request: EncodedRequest, timeout: Duration) async -> ExportResult

  /// Closes connections.
  func shutdown() async
}

/// What became of a request.
public enum ExportResult: Hashable, Sendable {
  /// Taken, or taken in part.
  case success(PartialSuccess?)
  /// Worth another attempt.
  case retryable(ExportFailure, after: Duration?)
  /// The same request will never be taken.
  case permanent(ExportFailure)
}

/// Items that the far end has rejected. Not to be sent again.
public struct PartialSuccess: Hashable, Sendable {
  /// Zero with a message is a warning.
  public var rejected: Int
  public var message: String

  public init(rejected: Int, message: String) {
    self.rejected = rejected
    self.message = message
  }
}

public struct ExportFailure: Hashable, Sendable {
  /// `error.type` of OpenTelemetry's semantic conventions: a gRPC status by name, an HTTP status by number, or what kept
  /// the request from being sent. Few values.
  public var type: String
  /// For people.
  public var message: String

  public init(_ type: String, _ message: String) {
    self.type = type
    self.message = message
  }
}
