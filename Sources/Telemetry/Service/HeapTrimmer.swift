// SPDX-License-Identifier: Apache-2.0

import CMalloc

/// Gives memory that is free back to the kernel while a service is at its limit.
///
/// glibc has a heap for each thread and returns only what is free at its end: requests that come and go by the
/// thousand, in buffers that several threads free, leave heaps of several times what is in use.
struct HeapTrimmer {
  private var overloadsBefore = 0

  /// Takes a few milliseconds, and does nothing when there was no overload since the last call.
  ///
  /// - Parameter overloads: requests refused as `.overloaded` since the start.
  mutating func trim(overloads: Int) {
    if overloads > overloadsBefore { malloc_trim(0) }
    overloadsBefore = overloads
  }
}
