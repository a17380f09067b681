// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP

extension PartialSuccess {
  /// Reads an `Export*ServiceResponse`. Nil when everything was taken, and also when the answer cannot be read: the
  /// request has arrived, and sending it again would double it.
  static func read(_ signal: Signal, _ body: ByteBuffer, as encoding: MessageEncoding) -> PartialSuccess? {
    guard body.readableBytes > 0, var decoder = try? Decoder(limits: DecodingLimits(inputBytesMax: 4 << 20)),
      let answer = try? read(signal, body.readableBytesSpan, encoding, &decoder),
      answer.rejected != 0 || !answer.message.isEmpty
    else { return nil }
    return answer
  }

  private static func read(
    _ signal: Signal, _ bytes: RawSpan, _ encoding: MessageEncoding, _ decoder: inout Decoder
  ) throws(OTLPError) -> PartialSuccess? {
    switch signal {
    case .metrics:
      guard let partial = try decoder.decode(Metrics.ExportResponse.self, from: bytes, as: encoding).partialSuccess
      else { return nil }
      return PartialSuccess(partial.rejectedDataPoints, partial.errorMessage)
    case .traces:
      guard let partial = try decoder.decode(Traces.ExportResponse.self, from: bytes, as: encoding).partialSuccess
      else { return nil }
      return PartialSuccess(partial.rejectedSpans, partial.errorMessage)
    case .logs:
      guard let partial = try decoder.decode(Logs.ExportResponse.self, from: bytes, as: encoding).partialSuccess
      else { return nil }
      return PartialSuccess(partial.rejectedLogRecords, partial.errorMessage)
    case .profiles:
      guard let partial = try decoder.decode(Profiles.ExportResponse.self, from: bytes, as: encoding).partialSuccess
      else { return nil }
      return PartialSuccess(partial.rejectedProfiles, partial.errorMessage)
    }
  }

  private init(_ rejected: Int64, _ message: Text) {
    self.init(rejected: Int(clamping: rejected), message: message.string)
  }
}

extension EncodedRequest {
  /// The same request in OTLP's JSON.
  func json() throws(OTLPError) -> ByteBuffer {
    var decoder = try Decoder()
    let bytes = protobuf.readableBytesSpan
    switch signal {
    case .metrics: return ByteBuffer(bytes: try decoder.decode(Metrics.ExportRequest.self, from: bytes).json())
    case .traces: return ByteBuffer(bytes: try decoder.decode(Traces.ExportRequest.self, from: bytes).json())
    case .logs: return ByteBuffer(bytes: try decoder.decode(Logs.ExportRequest.self, from: bytes).json())
    case .profiles: return ByteBuffer(bytes: try decoder.decode(Profiles.ExportRequest.self, from: bytes).json())
    }
  }
}
