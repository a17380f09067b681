// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A thread of its own for work that blocks, or that changes what belongs to a thread such as its network namespace.
public final class WorkerThread: @unchecked Sendable {
  // The handle is written once in init and read by join, which callers make once.
  private var handle = pthread_t()

  /// The work on its way to the thread.
  private final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  public init(_ body: @escaping @Sendable () -> Void) throws {
    let work = Unmanaged.passRetained(Work(body))
    let code = pthread_create(
      &handle, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw SystemCallError("pthread_create", on: "worker", code: code)
    }
  }

  /// Waits for the work to end. To be called once; a thread that is never joined leaks its stack.
  public func join() { pthread_join(handle, nil) }
}
