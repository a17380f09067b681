// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Says which seeds were under way when the process is killed by a fault of its own: a trap ends all of it, and without
/// this nobody would know what to run again.
struct SeedJournal: @unchecked Sendable {
  /// One place for each worker; the last ones of the process. A handler of signals can read nothing else.
  nonisolated(unsafe) private static var seeds: UnsafeMutablePointer<UInt64>?
  nonisolated(unsafe) private static var count = 0
  private static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE]

  /// Each worker writes a place of its own.
  private let seeds: UnsafeMutablePointer<UInt64>

  /// Its memory is never given back: a handler might read it at any time.
  init(workers: Int) {
    seeds = .allocate(capacity: workers)
    seeds.initialize(repeating: .max, count: workers)
    Self.count = workers
    Self.seeds = seeds
    for number in Self.signals {
      signal(number) { number in
        SeedJournal.report()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  func note(_ seed: UInt64, worker: Int) { seeds[worker] = seed }

  /// Only what is allowed in a handler of signals.
  private static func report() {
    say("\ncrashed; seeds under way:")
    for worker in 0..<count {
      guard let seed = seeds?[worker], seed != .max else { continue }
      say(" ")
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
        var (place, rest) = (20, seed)
        repeat {
          place -= 1
          digits[place] = UInt8(truncatingIfNeeded: 48 + rest % 10)
          rest /= 10
        } while rest > 0
        if let first = digits.baseAddress { _ = write(STDERR_FILENO, first + place, 20 - place) }
      }
    }
    say("; run each with --first-seed N --seeds 1\n")
  }

  private static func say(_ text: StaticString) { _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount) }
}
