// SPDX-License-Identifier: Apache-2.0

import CTestbed
import Glibc
import Synchronization

/// A program started by us. It never outlives us: the kernel ends it when this process ends, however that happens, and
/// it is killed when the last reference goes.
public final class ChildProcess: Sendable {
  /// Where its standard output and error go.
  public enum Output: Sendable {
    /// Into memory, for ``ChildProcess/output`` and ``ChildProcess/errors``. No pipe, so it never waits for a reader.
    case capture
    /// Both into a file, which is created or emptied.
    case file(String)
    /// Where ours go.
    case inherit
  }

  /// How it ended.
  public enum Termination: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  /// Where and how it runs.
  public struct Options: Sendable {
    /// Added to our own environment, replacing variables of the same name.
    public var environment: [String: String]
    /// Joined before exec, so that its first socket is already in it.
    public var cgroup: Cgroup?
    /// Entered before exec.
    public var network: NetworkNamespace?
    /// The only processor it runs on.
    public var processor: Int?
    public var output: Output
    /// When we end without having ended it, it is asked to (SIGTERM) instead of killed, for one that has to clean up.
    public var cleansUp: Bool

    public init(
      environment: [String: String] = [:], cgroup: Cgroup? = nil, network: NetworkNamespace? = nil,
      processor: Int? = nil, output: Output = .capture, cleansUp: Bool = false
    ) {
      self.environment = environment
      self.cgroup = cgroup
      self.network = network
      self.processor = processor
      self.output = output
      self.cleansUp = cleansUp
    }
  }

  /// For signals, /proc and messages.
  public let pid: Int32
  private let pidDescriptor: Int32
  private let streams: OutputStreams
  private let termination = Mutex<Termination?>(nil)

  /// Starts a program, found in PATH unless it is a path. That it cannot be executed is thrown here.
  public init(_ program: String, _ arguments: [String] = [], _ options: Options = Options()) throws {
    guard let path = Programs.find(program) else {
      throw TestbedError("start \(program)", reason: "no such program", nextStep: "install it or give its path")
    }
    let streams = try OutputStreams(options.output)
    pid = try spawn(path, arguments, options, streams)
    pidDescriptor = testbed_pidfd_open(pid)
    self.streams = streams
    guard pidDescriptor >= 0 else { throw SystemCallError("pidfd_open", on: program, code: errno) }
  }

  deinit {
    if current(blocking: false) == nil {
      Glibc.kill(pid, SIGKILL)
      _ = current(blocking: true)
    }
    if pidDescriptor >= 0 { close(pidDescriptor) }
  }

  /// Nil while it runs.
  public var ended: Termination? { current(blocking: false) }

  /// What it has written to standard output so far, when captured.
  public var output: String { streams.text(streams.output) }
  /// The same of standard error.
  public var errors: String { streams.text(streams.error) }

  /// Waits for it to end; nil when the time is up. Throws when this run is interrupted.
  public func wait(timeout: Duration) throws -> Termination? {
    try wait(timeout: timeout, uninterrupted: false)
  }

  /// The same in a clean-up, which an interruption must not cut short.
  @discardableResult
  public func waitUninterrupted(timeout: Duration) -> Termination? {
    try? wait(timeout: timeout, uninterrupted: true)
  }

  /// Sends a signal, unless it has ended.
  public func signal(_ number: Int32) {
    // Under the lock that also reaps: the pid cannot have been given to somebody else.
    termination.withLock { if $0 == nil { Glibc.kill(pid, number) } }
  }

  /// Asks it to end, and kills it when it has not within the timeout.
  @discardableResult
  public func terminate(timeout: Duration = .seconds(5)) -> Termination? {
    signal(SIGTERM)
    return waitUninterrupted(timeout: timeout) ?? kill()
  }

  /// Ends it at once, as a crash or the out-of-memory killer would.
  @discardableResult
  public func kill() -> Termination? {
    signal(SIGKILL)
    return waitUninterrupted(timeout: .seconds(5))
  }

  private func wait(timeout: Duration, uninterrupted: Bool) throws -> Termination? {
    let deadline = MonotonicClock.nanoseconds + timeout.nanoseconds
    while true {
      if let ended { return ended }
      if !uninterrupted { try Interruption.check() }
      let now = MonotonicClock.nanoseconds
      if now >= deadline { return nil }
      var event = pollfd(fd: pidDescriptor, events: Int16(POLLIN), revents: 0)
      poll(&event, 1, Int32(min(100, (deadline - now) / 1_000_000 + 1)))
    }
  }

  private func current(blocking: Bool) -> Termination? {
    termination.withLock { state in
      if let state { return state }
      var status: Int32 = 0
      guard waitpid(pid, &status, blocking ? 0 : WNOHANG) == pid else { return nil }
      // The macros of <sys/wait.h>, which Swift does not import.
      let number = status & 0x7f
      state = number == 0 ? .exited((status >> 8) & 0xff) : .signalled(number)
      return state
    }
  }
}
