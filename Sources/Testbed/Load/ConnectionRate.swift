// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// New connections per second, each with one real HTTP request.
///
/// The client asks for `Connection: close` and reads until the end of the stream, so that the server always closes
/// first. TIME_WAIT is then kept on the server's side, where a new SYN from the same port may take it over at once
/// (tcp_timewait_state_process in net/ipv4/tcp_minisocks.c), and the client never runs out of ephemeral ports. wrk
/// closes as soon as it has the response, which makes the outcome depend on who is quicker: hence a loop of our own.
///
/// Every path is treated alike: the same loop, threads and request. Several targets are taken in turn, so that a direct
/// client can spread its connections over the endpoints as a mesh does: a server that accepts from eight listeners
/// wakes up less often than one that accepts from one, and that advantage must not be the mesh's alone.
public struct ConnectionRate: Sendable {
  public var targets: [TCPAddress]
  /// Threads, each with one connection at a time.
  public var concurrency: Int
  public var duration: Duration
  /// Bound on all threads together.
  public var connectionsMax: Int

  public init(targets: [TCPAddress], concurrency: Int = 8, duration: Duration, connectionsMax: Int = 1_000_000) {
    self.targets = targets
    self.concurrency = concurrency
    self.duration = duration
    self.connectionsMax = connectionsMax
  }

  public struct Result: Sendable {
    public let completed: Int
    public let failed: Int
    /// Between the first connect and the end of the last response.
    public let seconds: Double
    /// The first failure, in words.
    public let firstFailure: String?

    public var connectionsPerSecond: Double { seconds > 0 ? Double(completed) / seconds : 0 }
  }

  /// Runs the load on threads of its own and waits for its end.
  public func measure() throws -> Result {
    let tally = Tally(max: connectionsMax, deadline: MonotonicClock.nanoseconds + duration.nanoseconds)
    let started = MonotonicClock.nanoseconds
    let threads = try (0..<concurrency).map { index in
      try WorkerThread { [targets] in tally.run(targets, from: index) }
    }
    for thread in threads { thread.join() }
    return Result(
      completed: tally.completed.load(ordering: .relaxed), failed: tally.failed.load(ordering: .relaxed),
      seconds: Double(MonotonicClock.nanoseconds - started) / 1e9, firstFailure: tally.message.withLock { $0 })
  }

  private final class Tally: Sendable {
    let completed = Atomic(0)
    let failed = Atomic(0)
    let message = Mutex<String?>(nil)
    private let issued = Atomic(0)
    private let max: Int
    private let deadline: UInt64

    init(max: Int, deadline: UInt64) {
      self.max = max
      self.deadline = deadline
    }

    func run(_ targets: [TCPAddress], from first: Int) {
      let requests = targets.map { Array("GET / HTTP/1.1\r\nHost: \($0)\r\nConnection: close\r\n\r\n".utf8) }
      var turn = first
      while MonotonicClock.nanoseconds < deadline, issued.add(1, ordering: .relaxed).oldValue < max {
        let target = turn % targets.count
        turn += 1
        do {
          try Self.exchange(targets[target], requests[target])
          completed.add(1, ordering: .relaxed)
        } catch {
          failed.add(1, ordering: .relaxed)
          message.withLock { $0 = $0 ?? "\(error)" }
          // A path that refuses everything must not spin until the deadline.
          MonotonicClock.sleep(.milliseconds(1))
        }
      }
    }

    private static let success = Array("HTTP/1.1 200".utf8)

    private static func exchange(_ target: TCPAddress, _ request: [UInt8]) throws {
      let connection = try RawConnection(to: target)
      defer { connection.close() }
      try connection.send(request)
      var head: [UInt8] = []
      while true {
        let bytes = try connection.receive(max: 4096)
        if bytes.isEmpty { break }
        if head.count < success.count { head += bytes }
      }
      guard head.starts(with: success) else { throw HTTPResponse.Malformed() }
    }
  }
}
