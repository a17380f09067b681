// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import OTLP

/// Where a receiver's requests go: to every pipeline that names the receiver, or, when one of them refuses, to none.
public struct FanOut: Sendable {
  private let pipelines: [Signal: [Pipeline]]

  public init(_ pipelines: [Pipeline]) {
    self.pipelines = Dictionary(grouping: pipelines) { $0.signal }
  }

  /// Signals with a pipeline.
  public var signals: Set<Signal> { Set(pipelines.keys) }

  /// Reads a request and hands it over.
  ///
  /// - Parameters:
  ///   - bytes: the request, uncompressed.
  ///   - decoder: of the calling thread.
  /// - Throws: when the request was not taken anywhere; `.invalid` when it cannot be read.
  public func consume(
    _ bytes: ByteBuffer, as encoding: MessageEncoding, _ signal: Signal, _ context: ReceiveContext,
    _ decoder: inout Decoder
  ) throws(Refusal) -> TakenItems {
    var prepared = PreparedRequests()
    var taken = TakenItems()
    do throws(Refusal) {
      // Each pipeline reads the request for itself: what one changes, the others must not see.
      for pipeline in pipelines[signal] ?? [] {
        taken = try prepare(bytes, encoding, pipeline, context, &decoder, into: &prepared)
      }
    } catch {
      prepared.cancel()
      throw error
    }
    try prepared.commit()
    return taken
  }

  private func prepare(
    _ bytes: ByteBuffer, _ encoding: MessageEncoding, _ pipeline: Pipeline, _ context: ReceiveContext,
    _ decoder: inout Decoder, into prepared: inout PreparedRequests
  ) throws(Refusal) -> TakenItems {
    let request = try TelemetryRequest.read(pipeline.signal, bytes.readableBytesSpan, encoding, &decoder)
    let rejected = request.removeInvalidItems()
    let taken = TakenItems(
      accepted: request.itemCount, rejected: rejected,
      message: rejected > 0 ? TelemetryRequest.rejectionMessage(pipeline.signal) : "")
    let original = encoding == .protobuf && rejected == 0 ? bytes : nil
    try pipeline.prepare(request, original, context, into: &prepared)
    return taken
  }
}

extension TelemetryRequest {
  /// - Throws: `.invalid` or `.tooLarge`, with the place of the fault.
  @_lifetime(&decoder, copy bytes)
  public static func read(
    _ signal: Signal, _ bytes: RawSpan, _ encoding: MessageEncoding, _ decoder: inout Decoder
  ) throws(Refusal) -> TelemetryRequest {
    do throws(OTLPError) {
      switch signal {
      case .metrics: return .metrics(try decoder.edit(from: bytes, as: encoding))
      case .traces: return .traces(try decoder.edit(from: bytes, as: encoding))
      case .logs: return .logs(try decoder.edit(from: bytes, as: encoding))
      case .profiles: return .profiles(try decoder.edit(from: bytes, as: encoding))
      }
    } catch {
      throw Refusal(error.code == .tooLarge ? .tooLarge : .invalid, "\(signal.rawValue): \(error.description)")
    }
  }
}
