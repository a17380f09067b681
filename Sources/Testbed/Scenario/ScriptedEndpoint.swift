// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Simulator

/// A real HTTP/1.1 server that serves as an ``EndpointGroup`` of a scenario says. Used on its event loop only.
final class ScriptedEndpoint {
  let address: TCPAddress
  private let loop: any EventLoop
  private let script: EndpointScript
  private var random: Random
  private var queue: WorkQueue
  private var faults = EndpointFaults()
  private var listener: (any Channel)?
  private var connections: [ObjectIdentifier: any Channel] = [:]
  private var answers: [Int: (Int) -> Void] = [:]
  /// What came while it hung.
  private var held: [(Int) -> Void] = []
  private var nextID = 0
  private var alarm: Scheduled<Void>?
  /// From when on requests are counted.
  private var countedFrom = UInt64.max
  private var busyBefore = 0.0
  private var result: EndpointResult
  /// How late answers were, against the time when their work was done.
  private var lateness = LatencyHistogram()

  init(_ script: EndpointScript, on address: TCPAddress, loop: any EventLoop) {
    self.script = script
    self.address = address
    self.loop = loop
    random = Random(seed: script.seed)
    queue = WorkQueue(script.group, now: MonotonicClock.nanoseconds)
    result = EndpointResult(name: script.name, group: script.group.name)
  }

  // MARK: Life

  func listen() -> EventLoopFuture<Void> {
    let bound = NIOLoopBound(self, eventLoop: loop)
    return ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 4096)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(
            ScriptedHandler(bound.value, responseBytes: bound.value.script.responseBytes))
        }
      }
      .bind(host: address.host, port: Int(address.port))
      .map { channel in
        let endpoint = bound.value
        if endpoint.faults.isCrashed { channel.close(promise: nil) } else { endpoint.listener = channel }
      }
  }

  /// The scenario begins at `start` (CLOCK_MONOTONIC); what comes from `countedFrom` on is counted.
  func begin(at start: UInt64, countedFrom: UInt64) {
    self.countedFrom = countedFrom
    at(countedFrom) { endpoint in
      endpoint.pass()
      endpoint.busyBefore = endpoint.queue.busy
    }
    for (number, event) in script.faults.enumerated() {
      at(start + event.at) { $0.change { $0.begin(number, event.fault) } }
      if let until = event.until { at(start + until) { $0.change { $0.end(number) } } }
    }
  }

  /// - Parameter until: when the scenario's duration was over.
  func finish(until: UInt64) -> (EndpointResult, LatencyHistogram) {
    pass()
    var result = result
    let time = Double(until) - Double(min(countedFrom, until))
    if time > 0 { result.utilization = (queue.busy - busyBefore) / (time * script.group.cores) }
    return (result, lateness)
  }

  func close() {
    alarm?.cancel()
    listener?.close(promise: nil)
    listener = nil
    reset()
  }

  // MARK: Faults

  private func change(_ body: (inout EndpointFaults) -> Void) {
    pass()
    let wasCrashed = faults.isCrashed
    body(&faults)
    queue.change(
      cores: script.group.cores * faults.coresFactor, speed: script.group.speed * faults.speedFactor)
    if !wasCrashed, faults.isCrashed {
      listener?.close(promise: nil)
      listener = nil
      reset()
    } else if wasCrashed, !faults.isCrashed {
      _ = listen()
    }
    if !faults.isHanging {
      let waiting = held
      held = []
      for answer in waiting { take(answer) }
    }
    setAlarm()
  }

  /// As when a process dies: what is under way is reset.
  private func reset() {
    result.failed += answers.count + held.count
    queue.removeAll()
    answers = [:]
    held = []
    for channel in connections.values.sorted(by: { $0.port < $1.port }) {
      let closed = { channel.close(promise: nil) }
      guard let socket = channel as? any SocketOptionProvider else {
        closed()
        continue
      }
      socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in closed() }
    }
  }

  // MARK: Requests

  func connected(_ channel: any Channel) { connections[ObjectIdentifier(channel)] = channel }
  func disconnected(_ channel: any Channel) { connections[ObjectIdentifier(channel)] = nil }

  /// - Parameter answer: sends the response with a status.
  func requested(_ answer: @escaping (Int) -> Void) {
    if MonotonicClock.nanoseconds >= countedFrom { result.sent += 1 }
    if faults.isHanging { held.append(answer) } else { take(answer) }
  }

  private func take(_ answer: @escaping (Int) -> Void) {
    for fault in faults.errors where random.uniform() < fault.rate {
      if fault.status >= 500 { fail() }
      at(MonotonicClock.nanoseconds + fault.latency) { _ in answer(fault.status) }
      return
    }
    pass()
    if script.group.queueLimit > 0, queue.count >= script.group.queueLimit {
      fail()
      return answer(503)
    }
    let work = script.work.sample(using: &random)
    nextID += 1
    answers[nextID] = answer
    queue.add(nextID, work: max(0, work))
    setAlarm()
  }

  private func fail() {
    if MonotonicClock.nanoseconds >= countedFrom { result.failed += 1 }
  }

  /// Answers what is done by now.
  private func pass() {
    let due = queue.nextEnd
    let now = MonotonicClock.nanoseconds
    let done = queue.advance(to: now)
    if let due, !done.isEmpty, now > countedFrom { lateness.add(now - due) }
    for id in done { answers.removeValue(forKey: id)?(200) }
  }

  private func setAlarm() {
    alarm?.cancel()
    guard let end = queue.nextEnd else { return }
    alarm = at(end) { endpoint in
      endpoint.pass()
      endpoint.setAlarm()
    }
  }

  @discardableResult
  private func at(_ time: UInt64, _ body: @escaping (ScriptedEndpoint) -> Void) -> Scheduled<Void> {
    let bound = NIOLoopBound(body, eventLoop: loop)
    let endpoint = NIOLoopBound(self, eventLoop: loop)
    return loop.scheduleTask(deadline: .uptimeNanoseconds(time)) { bound.value(endpoint.value) }
  }
}

extension Channel {
  fileprivate var port: Int { remoteAddress?.port ?? 0 }
}

/// What an endpoint is like, and what happens to it.
struct EndpointScript {
  let name: String
  let group: EndpointGroup
  let work: Distribution
  let responseBytes: Int
  /// Those of the timeline that are meant for it.
  let faults: [TimelineEvent]
  let seed: UInt64
}
