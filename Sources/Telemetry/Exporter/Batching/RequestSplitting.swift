// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP

extension EncodedRequest {
  /// Requests that fit the settings and have the same items between them, in order. What cannot be read or made smaller is
  /// left as it is: the far end has to say what is wrong with it.
  func split(_ settings: BatchSettings) -> [EncodedRequest] {
    guard let partCount = partCount(settings), let cut = try? cut(after: itemCount * (partCount / 2) / partCount) else {
      return [self]
    }
    return cut.filter { $0.itemCount > 0 }.flatMap { $0.split(settings) }
  }

  /// How many parts are needed at least; nil when none is too large, or an item is alone.
  private func partCount(_ settings: BatchSettings) -> Int? {
    guard itemCount > 1 else { return nil }
    let byteCount = protobuf.readableBytes
    var count = Self.parts(byteCount, settings.bytesMax)
    if let maxSize = settings.maxSize {
      switch settings.sizer {
      case .requests: break
      case .items: count = max(count, Self.parts(itemCount, maxSize))
      case .bytes: count = max(count, Self.parts(byteCount, maxSize))
      }
    }
    return count > 1 ? min(count, itemCount) : nil
  }

  private static func parts(_ size: Int, _ limit: Int) -> Int {
    let limit = max(limit, 1)
    return size / limit + (size % limit == 0 ? 0 : 1)
  }

  /// Halves are cut again: each item is read once for every doubling of the parts, and not once for every part.
  private func cut(after count: Int) throws(Refusal) -> [EncodedRequest]? {
    guard count > 0, count < itemCount else { return nil }
    return [try keeping(0..<count), try keeping(count..<Int.max)]
  }

  private func keeping(_ range: Range<Int>) throws(Refusal) -> EncodedRequest {
    var decoder = try Decoder.forSplitting(protobuf.readableBytes)
    let request = try TelemetryRequest.read(signal, protobuf.readableBytesSpan, .protobuf, &decoder)
    request.keepItems(range)
    return EncodedRequest(
      signal: signal, protobuf: try request.encoded(), itemCount: request.itemCount, tenant: tenant)
  }
}

extension Decoder {
  /// A request that was taken once is within the limits; several of them together need not be.
  fileprivate static func forSplitting(_ byteCount: Int) throws(Refusal) -> Decoder {
    do throws(OTLPError) {
      var limits = DecodingLimits()
      limits.inputBytesMax = max(limits.inputBytesMax, byteCount)
      return try Decoder(limits: limits)
    } catch {
      throw Refusal(.unavailable, error.description)
    }
  }
}

extension TelemetryRequest {
  /// Keeps the items of these numbers, and of resources, scopes and metrics those that have any of them.
  fileprivate func keepItems(_ range: Range<Int>) {
    var next = 0
    let isUnwanted = {
      defer { next += 1 }
      return !range.contains(next)
    }
    switch self {
    case .metrics(let request):
      request.resourceMetrics.removeAll { resource in
        resource.scopeMetrics.removeAll { scope in
          scope.metrics.removeAll { $0.removePoints(isUnwanted) }
          return scope.metrics.isEmpty
        }
        return resource.scopeMetrics.isEmpty
      }
    case .traces(let request):
      request.resourceSpans.removeAll { resource in
        resource.scopeSpans.removeAll { scope in
          scope.spans.removeAll { _ in isUnwanted() }
          return scope.spans.isEmpty
        }
        return resource.scopeSpans.isEmpty
      }
    case .logs(let request):
      request.resourceLogs.removeAll { resource in
        resource.scopeLogs.removeAll { scope in
          scope.logRecords.removeAll { _ in isUnwanted() }
          return scope.logRecords.isEmpty
        }
        return resource.scopeLogs.isEmpty
      }
    case .profiles(let request):
      request.resourceProfiles.removeAll { resource in
        resource.scopeProfiles.removeAll { scope in
          scope.profiles.removeAll { _ in isUnwanted() }
          return scope.profiles.isEmpty
        }
        return resource.scopeProfiles.isEmpty
      }
    }
  }
}

extension Metrics.Metric.Builder {
  /// - Returns: whether no point is left.
  fileprivate func removePoints(_ isUnwanted: () -> Bool) -> Bool {
    switch view(Metrics.Metric.self).data {
    case .gauge: gauge.dataPoints.removeAll { _ in isUnwanted() }
    case .sum: sum.dataPoints.removeAll { _ in isUnwanted() }
    case .histogram: histogram.dataPoints.removeAll { _ in isUnwanted() }
    case .exponentialHistogram: exponentialHistogram.dataPoints.removeAll { _ in isUnwanted() }
    case .summary: summary.dataPoints.removeAll { _ in isUnwanted() }
    case nil: break
    }
    return view(Metrics.Metric.self).pointCount == 0
  }
}
