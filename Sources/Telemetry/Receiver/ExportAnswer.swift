// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP

/// The `Export*ServiceResponse` of a request that was taken.
enum ExportAnswer {
  /// `partial_success` is set only when items were rejected: empty, it would be a warning.
  static func bytes(_ signal: Signal, _ taken: TakenItems, as encoding: MessageEncoding) throws(Refusal) -> ByteBuffer {
    if taken.rejected == 0 { return encoding == .json ? ByteBuffer(string: "{}") : ByteBuffer() }
    do {
      return ByteBuffer(bytes: try partial(signal, Int64(taken.rejected), taken.message, encoding))
    } catch {
      throw Refusal(.unavailable, "no memory for the answer")
    }
  }

  private static func partial(
    _ signal: Signal, _ rejected: Int64, _ message: String, _ encoding: MessageEncoding
  ) throws -> [UInt8] {
    switch signal {
    case .metrics:
      try MessageBuilder<Metrics.ExportResponse.Builder> {
        $0.partialSuccess.rejectedDataPoints = rejected
        $0.partialSuccess.errorMessage = message
      }.encoded(as: encoding)
    case .traces:
      try MessageBuilder<Traces.ExportResponse.Builder> {
        $0.partialSuccess.rejectedSpans = rejected
        $0.partialSuccess.errorMessage = message
      }.encoded(as: encoding)
    case .logs:
      try MessageBuilder<Logs.ExportResponse.Builder> {
        $0.partialSuccess.rejectedLogRecords = rejected
        $0.partialSuccess.errorMessage = message
      }.encoded(as: encoding)
    case .profiles:
      try MessageBuilder<Profiles.ExportResponse.Builder> {
        $0.partialSuccess.rejectedProfiles = rejected
        $0.partialSuccess.errorMessage = message
      }.encoded(as: encoding)
    }
  }
}

extension MessageBuilder where Root: ~Escapable {
  fileprivate func encoded(as encoding: MessageEncoding) throws -> [UInt8] {
    switch encoding {
    case .protobuf: try protobuf()
    case .json: try json()
    }
  }
}
