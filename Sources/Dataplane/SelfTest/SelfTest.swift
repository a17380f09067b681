// SPDX-License-Identifier: Apache-2.0

/// Whether this kernel's sockets behave under redirects as steering requests in the kernel needs.
///
/// Tried on real connections over 127.0.0.1 within this process, as versions say little: what a program may expect of a
/// socket (end of file, FIONREAD, wake-ups, order) was mended for redirected bytes release by release. Takes some ten
/// milliseconds. Changes nothing.
public struct SelfTest: Sendable {
  /// What came of one check.
  public struct Outcome: Sendable, Hashable, Codable {
    /// "echo", "end of file", ...
    public let name: String
    public let passed: Bool
    /// Whether requests may be steered in the kernel without it.
    public let required: Bool
    /// What was found; of a failed check also what is lost.
    public let detail: String

    public init(name: String, passed: Bool, required: Bool, detail: String) {
      self.name = name
      self.passed = passed
      self.required = required
      self.detail = detail
    }
  }

  /// Whether the kernel is to queue what TCP brings behind what was redirected, as the dataplane has it done. Without
  /// that its sockets really fail, which is how the tests know that the self-test can.
  private let queuesArrivals: Bool

  public init() { self.init(queuesArrivals: true) }

  init(queuesArrivals: Bool) {
    self.queuesArrivals = queuesArrivals
  }

  /// Bounds on all checks together. What a socket does not do it never does, but a busy machine can make it late: a
  /// failure is believed when it comes again with more time.
  private static let timeoutsMilliseconds = [450, 900, 1800]

  /// Tries everything, one check after the other. Returns at once when all that is required holds, and after three
  /// seconds at the latest.
  public func run() -> [Outcome] {
    var outcomes: [Outcome] = []
    for timeout in SelfTest.timeoutsMilliseconds {
      outcomes = run(timeoutMilliseconds: timeout)
      if SelfTest.obstacles(outcomes).isEmpty { break }
    }
    return outcomes
  }

  private func run(timeoutMilliseconds: Int) -> [Outcome] {
    let deadline = Deadline(milliseconds: timeoutMilliseconds)
    do {
      let program = try SelfTestProgram(queuesArrivals: queuesArrivals)
      return Check.all.map { $0.outcome(program, deadline, atMost: timeoutMilliseconds / 4) }
    } catch {
      return [Outcome(name: "programs", passed: false, required: true, detail: "\(error)")]
    }
  }

  /// Why requests must not be steered in the kernel, one sentence each; empty when they may.
  public static func obstacles(_ outcomes: [Outcome]) -> [String] {
    outcomes.filter { $0.required && !$0.passed }.map { "self-test \"\($0.name)\" failed: \($0.detail)" }
  }

  /// One thing that is tried.
  struct Check: Sendable {
    let name: String
    var required = true
    /// What is lost without it.
    let without: String
    /// Returns what was found; throws a `Finding` when the kernel fails.
    let body: @Sendable (Exchange) throws -> String

    /// - Parameter milliseconds: a check that waits in vain must leave time for the others.
    func outcome(_ program: SelfTestProgram, _ deadline: Deadline, atMost milliseconds: Int) -> Outcome {
      do {
        let own = deadline.atMost(milliseconds: milliseconds)
        let found = try body(try Exchange(program, own))
        return Outcome(name: name, passed: true, required: required, detail: found)
      } catch {
        return Outcome(name: name, passed: false, required: required, detail: "\(error); \(without)")
      }
    }
  }

  /// What a check found that should not be.
  struct Finding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
  }
}

/// A point in time on CLOCK_MONOTONIC.
struct Deadline: Sendable {
  private let instant: ContinuousClock.Instant

  init(milliseconds: Int) { instant = .now + .milliseconds(milliseconds) }

  private init(_ instant: ContinuousClock.Instant) { self.instant = instant }

  /// The same, or so many milliseconds from now when that is earlier.
  func atMost(milliseconds: Int) -> Deadline {
    Deadline(min(instant, .now + .milliseconds(milliseconds)))
  }

  var isOver: Bool { .now >= instant }

  /// For poll(2): rounded up, 0 when it is over.
  var millisecondsLeft: Int32 {
    let left = instant - .now
    return left <= .zero ? 0 : Int32(left / .milliseconds(1)) + 1
  }
}
