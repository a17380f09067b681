// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP

/// What happens to the requests of one signal between its receivers and its exporters: `service.pipelines` in the
/// Collector's configuration.
public final class Pipeline: Sendable {
  /// `SIGNAL` or `SIGNAL/NAME`.
  public let name: String
  public let signal: Signal
  private let processors: [any Processor]
  private let consumers: [any TelemetryConsumer]
  private let sinks: [any TelemetrySink]
  private let routers: [RoutingConnector]

  /// - Parameter processors: in order.
  public init(
    _ name: String, _ signal: Signal, processors: [any Processor] = [], consumers: [any TelemetryConsumer] = [],
    sinks: [any TelemetrySink] = [], routers: [RoutingConnector] = []
  ) {
    self.name = name
    self.signal = signal
    self.processors = processors
    self.consumers = consumers
    self.sinks = sinks
    self.routers = routers
  }

  /// Takes a request as far as every sink has room for it.
  ///
  /// - Parameters:
  ///   - original: the request's bytes, used again when no processor changes them; nil when they are not protobuf.
  ///   - batch: gets what is to be committed; nothing is left in it when this throws.
  func prepare(
    _ request: TelemetryRequest, _ original: ByteBuffer?, _ context: ReceiveContext, into batch: inout PreparedRequests
  ) throws(Refusal) {
    var unchanged = original
    for processor in processors where processor.process(request, context) { unchanged = nil }
    let itemCount = request.itemCount
    if itemCount == 0 { return }
    if !sinks.isEmpty || !routers.isEmpty {
      let bytes = if let unchanged { unchanged } else { try request.encoded() }
      let encoded = EncodedRequest(signal: signal, protobuf: bytes, itemCount: itemCount, tenant: context.tenant)
      for sink in sinks { try batch.reserve(encoded, in: sink) }
      for router in routers { try router.prepare(encoded, context, into: &batch) }
    }
    // Last: what a consumer has seen cannot be taken back.
    for consumer in consumers { try consumer.consume(request, context) }
  }
}

extension TelemetryRequest {
  func encoded() throws(Refusal) -> ByteBuffer {
    do throws(OTLPError) {
      return ByteBuffer(bytes: try protobuf())
    } catch {
      throw Refusal(.tooLarge, error.description)
    }
  }
}

/// Requests that sinks have kept room for, and do not have yet.
struct PreparedRequests {
  private var entries: [(sink: any TelemetrySink, request: EncodedRequest)] = []

  mutating func reserve(_ request: EncodedRequest, in sink: any TelemetrySink) throws(Refusal) {
    try sink.reserve(request)
    entries.append((sink, request))
  }

  mutating func cancel() {
    for entry in entries { entry.sink.cancel(entry.request) }
    entries = []
  }

  /// Hands everything over. When a sink fails here, those before it have the request already: it will come again.
  mutating func commit() throws(Refusal) {
    var failure: Refusal?
    for entry in entries {
      do throws(Refusal) {
        if failure == nil { try entry.sink.commit(entry.request) } else { entry.sink.cancel(entry.request) }
      } catch { failure = error }
    }
    entries = []
    if let failure { throw failure }
  }
}
