// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
public import Simulator

/// Clients that send when the schedule says, whether or not answers have come, on one thread.
///
/// A request goes on a free connection of its client, on a new one when there is none. Its latency counts from when it
/// was to be sent, so that a late client does not hide what others would have waited (coordinated omission).
public final class OpenLoopClient: Sendable {
  private let group: MultiThreadedEventLoopGroup
  private let loop: any EventLoop
  private let driver: NIOLoopBound<OpenLoopDriver>
  private let end: UInt64

  /// Connects nowhere yet.
  public init(_ plan: OpenLoopPlan) throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    self.group = group
    self.loop = loop
    end = (plan.schedule.arrivals.last?.time ?? 0) + plan.timeoutNanoseconds
    driver = try loop.submit { NIOLoopBound(OpenLoopDriver(plan, loop), eventLoop: loop) }.wait()
  }

  /// Sends everything from `start` (CLOCK_MONOTONIC) on, and waits until all of it is over.
  /// - Parameter progress: called now and then with the seconds since the start.
  public func run(from start: UInt64, progress: (Double) -> Void = { _ in }) throws -> OpenLoopResult {
    let driver = driver
    try loop.submit { driver.value.begin(at: start) }.wait()
    // Every request is over by its timeout; the rest is patience with a busy machine.
    let deadline = start + end + 5_000_000_000
    while true {
      try Interruption.check()
      if let result = try loop.submit({ driver.value.finished }).wait() { return try result.get() }
      let now = MonotonicClock.nanoseconds
      guard now < deadline else {
        throw TestbedError("send the scenario's requests", reason: "they are not over 5 s after their timeout")
      }
      if now > start { progress(Double(now - start) / 1e9) }
      MonotonicClock.sleep(.milliseconds(50))
    }
  }

  /// Closes every connection.
  public func stop() throws {
    let driver = driver
    try loop.submit { driver.value.close() }.wait()
    try group.syncShutdownGracefully()
  }
}

/// What clients send, and where to.
public struct OpenLoopPlan: Sendable {
  public var target: TCPAddress
  public var schedule: ArrivalSchedule
  public var clients: Int
  /// From when the request was to be sent.
  public var timeoutNanoseconds: UInt64
  /// Requests before are sent and not counted, nanoseconds from the start.
  public var warmupNanoseconds: UInt64
  /// Of head and body together; a head alone may be longer.
  public var requestBytes: Int
  /// How long a connection may lie idle before the client closes it.
  public var keepAliveNanoseconds: UInt64
  /// After so many a connection is closed; 0: any number.
  public var requestsPerConnection: Int
  /// Of all clients together: beyond this the run ends with an error.
  public var connectionsMax = 4096

  /// As a scenario has it.
  public init(_ scenario: Scenario, target: TCPAddress, seed: UInt64) {
    self.target = target
    schedule = ArrivalSchedule(scenario, seed: seed)
    clients = max(1, scenario.clients.count)
    timeoutNanoseconds = scenario.clients.timeout
    warmupNanoseconds = scenario.warmup
    requestBytes = scenario.network.requestBytes
    keepAliveNanoseconds = scenario.clients.keepAlive
    requestsPerConnection = scenario.clients.requestsPerConnection
  }
}

/// What came of it.
public struct OpenLoopResult: Sendable {
  public var outcomes = Outcomes()
  public var latency = LatencyHistogram()
  /// How late requests were sent.
  public var lateness = LatencyHistogram()
  /// Requests sent, warm-up included.
  public var requestCount = 0
  /// Connections opened.
  public var connectionCount = 0

  public init() {}
}
