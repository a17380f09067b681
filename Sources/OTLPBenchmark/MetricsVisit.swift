// SPDX-License-Identifier: Apache-2.0

import OTLP

/// Looks at every point of a request, as a consumer would: its number, time, attributes and buckets.
struct MetricsVisit {
  private(set) var points = 0
  private(set) var sum = 0.0
  private(set) var attributeBytes = 0
  private(set) var bucketSum: UInt64 = 0

  mutating func see(_ request: Metrics.ExportRequest) {
    points = 0
    let resources = request.resourceMetrics
    for resource in resources.indices {
      let scopes = resources[resource].scopeMetrics
      for scope in scopes.indices {
        let metrics = scopes[scope].metrics
        for metric in metrics.indices { see(metrics[metric]) }
      }
    }
  }

  private mutating func see(_ metric: Metrics.Metric) {
    switch metric.data {
    case .gauge(let gauge): see(gauge.dataPoints)
    case .sum(let sum): see(sum.dataPoints)
    case .histogram(let histogram):
      let list = histogram.dataPoints
      for index in list.indices {
        let point = list[index]
        see(point.sum, point.timeUnixNano, point.attributes)
        see(point.bucketCounts)
      }
    case .exponentialHistogram(let histogram):
      let list = histogram.dataPoints
      for index in list.indices {
        let point = list[index]
        see(point.sum, point.timeUnixNano, point.attributes)
        if let positive = point.positive { see(positive.bucketCounts) }
      }
    case .summary, nil: break
    }
  }

  private mutating func see(_ list: List<Metrics.NumberDataPoint>) {
    for index in list.indices { see(list[index].number, list[index].timeUnixNano, list[index].attributes) }
  }

  private mutating func see(_ number: Double?, _ time: UInt64, _ attributes: List<Common.KeyValue>) {
    points += 1
    sum += number ?? 0
    bucketSum &+= time
    for index in attributes.indices {
      attributeBytes &+= attributes[index].key.bytes.count
      switch attributes[index].value?.value {
      case .stringValue(let text): attributeBytes &+= text.bytes.count
      case .intValue(let number): sum += Double(number)
      default: break
      }
    }
  }

  private mutating func see(_ counts: Span<UInt64>) {
    for index in counts.indices { bucketSum &+= counts[index] }
  }
}
