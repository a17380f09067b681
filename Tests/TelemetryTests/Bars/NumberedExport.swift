// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP
import Synchronization
import Telemetry

/// Requests of traces that differ in a number alone, the trace ID of their first span. Requests are joined by writing
/// them one after the other, so the number goes before bytes that all of them share.
struct NumberedExport: Sendable {
  /// Shared by all, so that thousands under way take the memory of one.
  let filler: ByteBuffer
  private let template: ByteBuffer
  private let numberOffset: Int
  /// Spans of each.
  let itemCount: Int

  /// - Parameter byteCount: of a request, about.
  init(byteCount: Int) throws {
    let marker = [UInt8](repeating: 0xEE, count: 16)
    template = try Self.traces(ids: [marker])
    let bytes = Array(template.readableBytesView)
    numberOffset = bytes.indices.first { bytes[$0...].starts(with: marker) } ?? 0
    let spanBytes = (try Self.traces(ids: [marker, marker]).readableBytes) - template.readableBytes
    let count = max(byteCount / spanBytes, 1)
    filler = try Self.traces(ids: [[UInt8]](repeating: [UInt8](repeating: 1, count: 16), count: count))
    itemCount = count + 1
  }

  /// What goes before the filler.
  func head(_ number: Int) -> ByteBuffer {
    var head = template
    head.setInteger(UInt64(number), at: head.readerIndex + numberOffset)
    return head
  }

  /// Nil for a request that is not one of these.
  func number(of request: ByteBuffer) -> Int? {
    request.getInteger(at: request.readerIndex + numberOffset, as: UInt64.self).map { Int(truncatingIfNeeded: $0) }
  }

  private static func traces(ids: [[UInt8]]) throws -> ByteBuffer {
    let message = try MessageBuilder<Traces.ExportRequest.Builder> { request in
      let resource = request.resourceSpans.append()
      resource.resource.attributes.append("service.name", "checkout")
      let scope = resource.scopeSpans.append()
      for id in ids {
        scope.spans.append { span in
          span.traceId = id
          span.spanId = [UInt8](repeating: 2, count: 8)
          span.name = "GET /cart"
          span.startTimeUnixNano = 1_700_000_000_000_000_000
          span.endTimeUnixNano = 1_700_000_000_000_100_000
          span.attributes.append("http.request.method", "GET")
        }
      }
    }
    return ByteBuffer(bytes: try message.protobuf())
  }
}

/// The far end: counts how often each number has come, and is short of room now and then.
final class NumberedSink: TelemetrySink {
  private let export: NumberedExport
  private let arrivals: Mutex<[Int: Int]> = Mutex([:])
  private let attempts = Atomic(0)
  private let refusesEvery: Int

  /// - Parameter refusesEvery: so many requests, one is refused; 0 refuses none.
  init(_ export: NumberedExport, refusesEvery: Int = 0) {
    self.export = export
    self.refusesEvery = refusesEvery
  }

  /// By number.
  var counts: [Int: Int] { arrivals.withLock { $0 } }

  func reserve(_ request: EncodedRequest) throws(Refusal) {
    let attempt = attempts.add(1, ordering: .relaxed).newValue
    guard refusesEvery > 0, attempt % refusesEvery == 0 else { return }
    throw Refusal(.overloaded(retryAfter: .milliseconds(20)), "as planned")
  }

  func cancel(_ request: EncodedRequest) {}

  func commit(_ request: EncodedRequest) throws(Refusal) {
    guard let number = export.number(of: request.protobuf) else { return }
    arrivals.withLock { $0[number, default: 0] += 1 }
  }
}
