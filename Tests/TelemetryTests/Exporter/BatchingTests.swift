// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP
import Testing

@testable import Telemetry

@Suite struct BatchingTests {
  private static func encoded(_ signal: Signal, _ bytes: ByteBuffer, items: Int) -> EncodedRequest {
    EncodedRequest(signal: signal, protobuf: bytes, itemCount: items, tenant: "a")
  }

  /// Values of all points in order, and how many points the request says it has.
  private static func values(_ request: EncodedRequest) throws -> [Int64] {
    var values: [Int64] = []
    var decoder = try Decoder()
    let read = try decoder.decode(Metrics.ExportRequest.self, from: request.protobuf.readableBytesSpan)
    read.resourceMetrics.forEach { resource in
      #expect(resource.resource?.attributes.isEmpty == false)
      resource.scopeMetrics.forEach { scope in
        #expect(scope.metrics.count > 0)
        scope.metrics.forEach { metric in
          switch metric.data {
          case .sum(let sum): sum.dataPoints.forEach { values.append($0.integer) }
          case .gauge(let gauge): gauge.dataPoints.forEach { values.append($0.integer) }
          default: Issue.record("another kind of metric")
          }
        }
      }
    }
    #expect(values.count == request.itemCount)
    return values
  }

  /// `count` points with ascending values over resources, scopes and metrics.
  private static func points(_ count: Int) throws -> EncodedRequest {
    var next: Int64 = 0
    let message = try MessageBuilder<Metrics.ExportRequest.Builder> { request in
      while next < count {
        request.resourceMetrics.append { resource in
          resource.resource.attributes.append("service.name", "service \(next)")
          resource.schemaUrl = "https://opentelemetry.io/schemas/1.37.0"
          for scope in 0..<2 where next < count {
            resource.scopeMetrics.append { scopeMetrics in
              scopeMetrics.scope.name = "scope \(scope)"
              for metric in 0..<3 where next < count {
                scopeMetrics.metrics.append { builder in
                  builder.name = "metric \(metric)"
                  for _ in 0..<4 where next < count {
                    (metric == 1 ? builder.gauge.dataPoints : builder.sum.dataPoints).append { $0.asInt = next }
                    next += 1
                  }
                }
              }
            }
          }
        }
      }
    }
    return encoded(.metrics, ByteBuffer(bytes: try message.protobuf()), items: count)
  }

  private static func settings(max: Int?, bytes: Int = 1 << 20) -> BatchSettings {
    var settings = BatchSettings()
    settings.maxSize = max
    settings.bytesMax = bytes
    return settings
  }

  @Test func joinedRequestsHaveTheItemsOfAll() throws {
    let first = Self.encoded(.metrics, try Requests.metrics(services: ["a", "b"]), items: 2)
    let second = Self.encoded(.metrics, try Requests.metrics(services: ["c"]), items: 1)
    let joined = try #require(EncodedRequest.joining([first, second]))
    #expect(joined.itemCount == 3)
    #expect(joined.tenant == "a")
    #expect(try Self.values(joined) == [1, 1, 1])
  }

  @Test(arguments: [1, 2, 3, 5, 7, 23, 24, 25, 99, 100])
  func partsHaveEveryItemOnceAndInOrder(max: Int) throws {
    let request = try Self.points(100)
    let parts = request.split(Self.settings(max: max))
    #expect(try parts.flatMap(Self.values) == Array(0..<100))
    #expect(parts.allSatisfy { $0.itemCount <= max && $0.itemCount > 0 && $0.tenant == "a" })
    #expect(parts.count <= 100 / max * 2 + 1)
  }

  @Test func whatFitsIsNotTouched() throws {
    let request = try Self.points(100)
    #expect(request.split(Self.settings(max: 100)) == [request])
    #expect(request.split(Self.settings(max: nil)) == [request])
  }

  @Test func bytesAreALimitOfTheirOwn() throws {
    let request = try Self.points(200)
    let limit = request.protobuf.readableBytes / 5
    let parts = request.split(Self.settings(max: nil, bytes: limit))
    #expect(try parts.flatMap(Self.values) == Array(0..<200))
    #expect(parts.allSatisfy { $0.protobuf.readableBytes <= limit })
  }

  @Test func anItemThatIsTooLargeIsSentAlone() throws {
    let parts = try Self.points(3).split(Self.settings(max: nil, bytes: 1))
    #expect(parts.map(\.itemCount) == [1, 1, 1])
  }

  @Test func spansLogRecordsAndProfilesAreSplitToo() throws {
    let traces = Self.encoded(.traces, try Requests.traces(count: 10), items: 10)
    #expect(traces.split(Self.settings(max: 4)).map(\.itemCount).reduce(0, +) == 10)
    let logs = try MessageBuilder<Logs.ExportRequest.Builder> { request in
      let scope = request.resourceLogs.append().scopeLogs.append()
      for index in 0..<10 { scope.logRecords.append { $0.severityText = "INFO \(index)" } }
    }
    let logRequest = Self.encoded(.logs, ByteBuffer(bytes: try logs.protobuf()), items: 10)
    #expect(logRequest.split(Self.settings(max: 5)).map(\.itemCount) == [5, 5])
    let profiles = try MessageBuilder<Profiles.ExportRequest.Builder> { request in
      request.dictionary.stringTable = ["", "cpu"]
      let scope = request.resourceProfiles.append().scopeProfiles.append()
      for index in 0..<4 { scope.profiles.append { $0.timeUnixNano = UInt64(index) } }
    }
    let parts = Self.encoded(.profiles, ByteBuffer(bytes: try profiles.protobuf()), items: 4).split(
      Self.settings(max: 2))
    #expect(parts.map(\.itemCount) == [2, 2])
    let bytes = parts[1].protobuf
    var decoder = try Decoder()
    let second = try decoder.decode(Profiles.ExportRequest.self, from: bytes.readableBytesSpan)
    // All parts need the table.
    let strings = second.dictionary?.stringTable.strings ?? []
    #expect(strings == ["", "cpu"])
  }

  @Test func whatCannotBeReadIsSentAsItIs() {
    let request = EncodedRequest.numbered(1, bytes: 100, items: 10)
    #expect(request.split(Self.settings(max: 2)) == [request])
  }
}

extension Metrics.NumberDataPoint {
  fileprivate var integer: Int64 { if case .asInt(let value) = value { value } else { -1 } }
}
