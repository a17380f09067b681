// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOPosix
import Synchronization
import Telemetry
import Testbed

/// What is sent where, and how fast.
struct SendPlan: Sendable {
  var signals: [Signal]
  var connections: [Signal: ConnectionSettings]
  /// Of each signal.
  var requestCount: Int
  /// Of each request.
  var itemCount: Int
  /// Requests per second; 0 for no bound.
  var rate: Double
  var concurrency: Int
  var timeout: Duration
  var telemetry: TestTelemetry
}

/// Sends what a plan says, each request once.
final class SendRun: Sendable {
  private let plan: SendPlan
  private let clients: [Signal: any ExportClient]
  private let run = UInt64.random(in: 1...UInt64.max)
  private let next = Atomic(0)
  private let result = Mutex(SendReport())

  init(_ plan: SendPlan) throws {
    self.plan = plan
    let group = MultiThreadedEventLoopGroup.singleton
    clients = try plan.connections.mapValues { settings in
      switch settings.exportProtocol {
      case .grpc: try GRPCExportClient(settings, group: group)
      case .httpProtobuf, .httpJSON: try HTTPExportClient(settings, group: group)
      }
    }
  }

  func run() async throws -> SendReport {
    let began = MonotonicClock.nanoseconds
    let progress = ShareProgress()
    try await withThrowingTaskGroup { group in
      for _ in 0..<plan.concurrency { group.addTask { try await self.send(since: began, progress) } }
      try await group.waitForAll()
    }
    progress.finish()
    for client in clients.values { await client.shutdown() }
    var report = result.withLock { $0 }
    report.seconds = Double(MonotonicClock.nanoseconds - began) / 1e9
    return report
  }

  private func send(since began: UInt64, _ progress: ShareProgress) async throws {
    let total = plan.requestCount * plan.signals.count
    while !Task.isCancelled {
      let index = next.add(1, ordering: .relaxed).oldValue
      if index >= total { return }
      try await waitForTurn(index, since: began)
      try await send(index)
      progress.update(Double(index) / Double(total))
    }
  }

  private func waitForTurn(_ index: Int, since began: UInt64) async throws {
    guard plan.rate > 0 else { return }
    let due = began + UInt64(Double(index) / plan.rate * 1e9)
    let now = MonotonicClock.nanoseconds
    if due > now { try await Task.sleep(nanoseconds: due - now) }
  }

  private func send(_ index: Int) async throws {
    let signal = plan.signals[index % plan.signals.count]
    guard let client = clients[signal] else { return }
    let request = try plan.telemetry.request(
      signal, number: index, itemCount: plan.itemCount, run: run, now: WallClock.unixNanoseconds)
    let sent = MonotonicClock.nanoseconds
    let outcome = await client.export(request, timeout: plan.timeout)
    let duration = MonotonicClock.nanoseconds - sent
    result.withLock { $0.add(request, outcome, durationNanoseconds: duration) }
  }
}

enum WallClock {
  static var unixNanoseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

/// What became of the requests.
struct SendReport: Sendable, Encodable {
  struct Failure: Sendable, Encodable {
    var count = 0
    /// The first one's, for people.
    var message = ""
    var isRetryable = false
  }

  var requests = 0
  var accepted = 0
  var items: [String: Int] = [:]
  var rejectedItems = 0
  var rejection = ""
  /// By `error.type`.
  var failures: [String: Failure] = [:]
  var seconds = 0.0
  /// Of requests, in milliseconds.
  var latency: [String: Double] { ["p50": percentile(0.5), "p99": percentile(0.99), "max": percentile(1)] }
  private var durations: [UInt64] = []

  var isClean: Bool { failures.isEmpty && rejectedItems == 0 }

  mutating func add(_ request: EncodedRequest, _ outcome: ExportResult, durationNanoseconds: UInt64) {
    requests += 1
    durations.append(durationNanoseconds)
    switch outcome {
    case .success(let partial):
      accepted += 1
      items[request.signal.rawValue, default: 0] += request.itemCount - (partial?.rejected ?? 0)
      if let partial {
        rejectedItems += partial.rejected
        rejection = partial.message
      }
    case .retryable(let failure, _): add(failure, isRetryable: true)
    case .permanent(let failure): add(failure, isRetryable: false)
    }
  }

  private mutating func add(_ failure: ExportFailure, isRetryable: Bool) {
    var entry = failures[failure.type] ?? Failure(message: failure.message, isRetryable: isRetryable)
    entry.count += 1
    failures[failure.type] = entry
  }

  private func percentile(_ share: Double) -> Double {
    let sorted = durations.sorted()
    guard let last = sorted.indices.last else { return 0 }
    return Double(sorted[Int((Double(last) * share).rounded())]) / 1e6
  }

  private enum CodingKeys: CodingKey {
    case requests, accepted, items, rejectedItems, rejection, failures, seconds, latencyMilliseconds
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(requests, forKey: .requests)
    try container.encode(accepted, forKey: .accepted)
    try container.encode(items, forKey: .items)
    try container.encode(rejectedItems, forKey: .rejectedItems)
    if !rejection.isEmpty { try container.encode(rejection, forKey: .rejection) }
    try container.encode(failures, forKey: .failures)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(latency, forKey: .latencyMilliseconds)
  }

  /// For people.
  var text: String {
    let items = items.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }.joined(separator: ", ")
    var lines = ["\(accepted) of \(requests) requests were taken\(items.isEmpty ? "" : ": items " + items)"]
    let rate = seconds > 0 ? Double(requests) / seconds : 0
    lines.append(
      "\(Format.number(rate)) requests/s; p50 \(Format.number(percentile(0.5))) ms, p99 \(Format.number(percentile(0.99))) ms"
    )
    if rejectedItems > 0 { lines.append("\(rejectedItems) items were rejected: \(rejection)") }
    for (type, failure) in failures.sorted(by: { $0.key < $1.key }) {
      let kind = failure.isRetryable ? "worth another attempt" : "for good"
      lines.append("\(failure.count) failed with \(type), \(kind): \(failure.message)")
    }
    return lines.joined(separator: "\n")
  }
}
