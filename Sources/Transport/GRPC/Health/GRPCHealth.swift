// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import Synchronization

/// grpc.health.v1.Health (gRPC, doc/health-checking.md): Check and Watch. The name "" stands for the whole server.
public final class GRPCHealth: Sendable {
  /// grpc.health.v1.HealthCheckResponse.ServingStatus.
  public enum Status: Int64, Sendable {
    case unknown = 0
    case serving = 1
    case notServing = 2
    /// Watch alone says it; Check answers NOT_FOUND.
    case serviceUnknown = 3
  }

  public static let checkPath = "/grpc.health.v1.Health/Check"
  public static let watchPath = "/grpc.health.v1.Health/Watch"

  private struct Watcher {
    var service: String
    var continuation: AsyncStream<Status>.Continuation
  }

  private struct State {
    var statuses: [String: Status]
    var isDraining = false
    var watchers: [Int: Watcher] = [:]
    var nextWatcher = 0

    func status(_ service: String) -> Status {
      guard let status = statuses[service] else { return .serviceUnknown }
      return isDraining ? .notServing : status
    }
  }

  private let state: Mutex<State>
  private let watchersMax: Int

  /// - Parameters:
  ///   - services: what is served from the beginning; "" need not be named.
  ///   - watchersMax: Watch calls at once; beyond, they are refused with RESOURCE_EXHAUSTED.
  public init(services: [String] = [], watchersMax: Int = 1000) {
    self.watchersMax = watchersMax
    let statuses = Dictionary((services + [""]).map { ($0, Status.serving) }) { first, _ in first }
    state = Mutex(State(statuses: statuses))
  }

  /// Sets a service's status; nil forgets the service.
  public func set(_ service: String, _ status: Status?) {
    change { $0.statuses[service] = status }
  }

  /// Every service is NOT_SERVING from now on, whatever is set. Calls of Watch hear it and end, with UNAVAILABLE, so that
  /// the server need not wait for them.
  public func drain() {
    change { $0.isDraining = true }
    let watchers = state.withLock { Array($0.watchers.values) }
    for watcher in watchers { watcher.continuation.finish() }
  }

  /// What Watch would say.
  public func status(_ service: String) -> Status { state.withLock { $0.status(service) } }

  /// For ``GRPCServer``.
  public var methods: [String: GRPCMethod] {
    var check = checkMethod
    check.isAlwaysTaken = true
    return [Self.checkPath: check, Self.watchPath: watchMethod]
  }

  private var checkMethod: GRPCMethod {
    .unary { message, _, reply in
      do throws(GRPCStatus) {
        let service = try HealthMessage.service(message)
        let status = self.status(service)
        guard status != .serviceUnknown else { throw GRPCStatus(.notFound, "there is no service \(service)") }
        reply.succeed(HealthMessage.response(status))
      } catch {
        reply.fail(error)
      }
    }
  }

  private var watchMethod: GRPCMethod {
    .streaming { _, messages, writer in
      var iterator = messages.makeAsyncIterator()
      guard let message = try await iterator.next() else {
        throw GRPCStatus(.unimplemented, "the method takes one message, and none came")
      }
      try await self.watch(HealthMessage.service(message), writer)
    }
  }

  private func watch(_ service: String, _ writer: GRPCWriter) async throws {
    // Only the newest status matters to a watcher that is slow.
    let (statuses, continuation) = AsyncStream.makeStream(of: Status.self, bufferingPolicy: .bufferingNewest(1))
    let watcher: Int? = state.withLock { state in
      guard state.watchers.count < watchersMax else { return nil }
      state.nextWatcher += 1
      state.watchers[state.nextWatcher] = Watcher(service: service, continuation: continuation)
      continuation.yield(state.status(service))
      if state.isDraining { continuation.finish() }
      return state.nextWatcher
    }
    guard let watcher else {
      throw GRPCStatus(.resourceExhausted, "\(watchersMax) calls watch already, as many as are taken")
    }
    defer { state.withLock { _ = $0.watchers.removeValue(forKey: watcher) } }
    var last: Status?
    for await status in statuses where status != last {
      try await writer.write(HealthMessage.response(status))
      last = status
    }
    throw GRPCStatus(.unavailable, "the server is about to end")
  }

  /// Watchers are told within the lock, so that they hear changes in their order.
  private func change(_ body: (inout sending State) -> Void) {
    state.withLock { state in
      body(&state)
      for watcher in state.watchers.values { watcher.continuation.yield(state.status(watcher.service)) }
    }
  }
}
