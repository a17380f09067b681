// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOPosix
internal import Simulator

/// Sends and counts; used on its event loop only.
final class OpenLoopDriver {
  private let plan: OpenLoopPlan
  private let loop: any EventLoop
  private let request: ByteBuffer
  private var start: UInt64 = 0
  private var next = 0
  private var underWay = 0
  private var result = OpenLoopResult()
  private var failure: TestbedError?
  /// Free connections of each client, the one used last at the end.
  private var free: [[OpenLoopConnection]]
  private var connections: [ObjectIdentifier: OpenLoopConnection] = [:]

  init(_ plan: OpenLoopPlan, _ loop: any EventLoop) {
    self.plan = plan
    self.loop = loop
    free = Array(repeating: [], count: plan.clients)
    let head = "GET / HTTP/1.1\r\nHost: \(plan.target)\r\nX-Padding: "
    let padding = String(repeating: ".", count: max(1, plan.requestBytes - head.utf8.count - 4))
    request = ByteBuffer(string: head + padding + "\r\n\r\n")
  }

  func begin(at start: UInt64) {
    self.start = start
    setAlarm()
  }

  /// nil while requests are to be sent or under way.
  var finished: Result<OpenLoopResult, TestbedError>? {
    if let failure { return .failure(failure) }
    return next == plan.schedule.arrivals.count && underWay == 0 ? .success(result) : nil
  }

  func close() {
    next = plan.schedule.arrivals.count
    for connection in connections.values { connection.close() }
  }

  private func setAlarm() {
    guard failure == nil, next < plan.schedule.arrivals.count else { return }
    let driver = NIOLoopBound(self, eventLoop: loop)
    loop.scheduleTask(deadline: .uptimeNanoseconds(start + plan.schedule.arrivals[next].time)) {
      driver.value.sendDue()
    }
  }

  private func sendDue() {
    let arrivals = plan.schedule.arrivals
    while failure == nil, next < arrivals.count, start + arrivals[next].time <= MonotonicClock.nanoseconds {
      send(arrivals[next])
      next += 1
    }
    setAlarm()
  }

  private func send(_ arrival: ArrivalSchedule.Arrival) {
    underWay += 1
    result.requestCount += 1
    let due = start + arrival.time
    let exchange = OpenLoopExchange(due: due, isCounted: arrival.time >= plan.warmupNanoseconds)
    if exchange.isCounted { result.lateness.add(MonotonicClock.nanoseconds - due) }
    let bound = NIOLoopBound((self, exchange), eventLoop: loop)
    exchange.timeout = loop.scheduleTask(deadline: .uptimeNanoseconds(due + plan.timeoutNanoseconds)) {
      let (driver, exchange) = bound.value
      driver.end(exchange, .timeout)
      exchange.connection?.close()
    }
    if let connection = takeFree(arrival.client) {
      connection.send(exchange, request)
    } else {
      connect(arrival.client, exchange)
    }
  }

  private func takeFree(_ client: Int) -> OpenLoopConnection? {
    while let connection = free[client].popLast() {
      let idle = MonotonicClock.nanoseconds - connection.idleSince
      if connection.isOpen, idle < plan.keepAliveNanoseconds { return connection }
      connection.close()
    }
    return nil
  }

  private func connect(_ client: Int, _ exchange: OpenLoopExchange) {
    guard connections.count < plan.connectionsMax else {
      failure = TestbedError(
        "send the scenario's requests", reason: "\(plan.connectionsMax) connections are under way at once",
        nextStep: "lower the rate or the timeout: the endpoints do not keep up")
      return end(exchange, .reset)
    }
    let connection = OpenLoopConnection(self, client: client)
    connections[ObjectIdentifier(connection)] = connection
    result.connectionCount += 1
    let bound = NIOLoopBound((self, connection, exchange), eventLoop: loop)
    ClientBootstrap(group: loop)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .connectTimeout(.nanoseconds(Int64(clamping: plan.timeoutNanoseconds)))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(bound.value.1) }
      }
      .connect(host: plan.target.host, port: Int(plan.target.port)).assumeIsolated()
      .whenComplete { [request] outcome in
        let (driver, connection, exchange) = bound.value
        switch outcome {
        case .failure:
          driver.closed(connection)
          driver.end(exchange, .reset)
        case .success:
          if exchange.isOver { connection.close() } else { connection.send(exchange, request) }
        }
      }
  }

  // MARK: Answers

  /// A whole response has come.
  func answered(_ connection: OpenLoopConnection, _ exchange: OpenLoopExchange, _ response: HTTPResponse) {
    end(exchange, .init(response))
    let isWorn = plan.requestsPerConnection > 0 && connection.requests >= plan.requestsPerConnection
    if response.closes || isWorn {
      connection.close()
    } else {
      connection.idleSince = MonotonicClock.nanoseconds
      free[connection.client].append(connection)
    }
  }

  /// The connection has ended, with what was under way on it.
  func closed(_ connection: OpenLoopConnection) {
    connections[ObjectIdentifier(connection)] = nil
    free[connection.client].removeAll { $0 === connection }
    if let exchange = connection.exchange { end(exchange, .reset) }
  }

  private func end(_ exchange: OpenLoopExchange, _ outcome: OpenLoopOutcome) {
    guard !exchange.isOver else { return }
    exchange.isOver = true
    exchange.timeout?.cancel()
    underWay -= 1
    guard exchange.isCounted else { return }
    result.latency.add(MonotonicClock.nanoseconds - exchange.due)
    result.outcomes.count(outcome)
  }
}

/// How a request ended for its client.
enum OpenLoopOutcome: Equatable {
  case success
  /// 5xx of an endpoint.
  case status
  /// No endpoint was tried: Swerve's reason.
  case refused(String)
  case reset
  case timeout

  /// Swerve's own answers carry a reason; 502 stands for an endpoint that reset, 504 for one that did not
  /// answer.
  init(_ response: HTTPResponse) {
    switch (response.status, response.reason) {
    case (..<500, _): self = .success
    case (_, nil): self = .status
    case (502, _), (_, "connect_failure"): self = .reset
    case (504, _): self = .timeout
    case (_, let reason?): self = .refused(reason)
    }
  }
}

extension Outcomes {
  mutating func count(_ outcome: OpenLoopOutcome) {
    switch outcome {
    case .success: successes += 1
    case .status: statuses += 1
    case .refused(let reason): refusals[reason, default: 0] += 1
    case .reset: resets += 1
    case .timeout: timeouts += 1
    }
  }
}
