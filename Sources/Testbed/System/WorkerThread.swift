// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A thread of its own for work that blocks, or that changes what belongs to a thread such as its network namespace.
public final class WorkerThread: Sendable {
  /// Nil once joined.
  private let handle: Mutex<pthread_t?>

  /// The work on its way to the thread.
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  /// Starts it.
  public init(_ body: @escaping @Sendable () -> Void) throws {
    let work = Unmanaged.passRetained(Work(body))
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    self.handle = Mutex(code == 0 ? handle : nil)
    guard code == 0 else {
      work.release()
      throw SystemCallError("pthread_create", on: "worker", code: code)
    }
  }

  /// A thread that nobody waits for frees itself when its work ends.
  deinit { if let handle = take() { pthread_detach(handle) } }

  /// Waits for the work to end; returns at once when that was done before.
  public func join() { if let handle = take() { pthread_join(handle, nil) } }

  private func take() -> pthread_t? { handle.withLock { $0.take() } }
}
