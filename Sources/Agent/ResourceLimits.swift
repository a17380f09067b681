// SPDX-License-Identifier: Apache-2.0

import CMalloc
import Foundation

/// Limits of this process.
enum ResourceLimits {
  /// Raises the soft limit of open files to the hard one: a publication holds a descriptor for each set it swaps in.
  static func raiseOpenFiles() {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else { return }
    limits.rlim_cur = limits.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
  }

  /// Keeps large allocations out of the heap. glibc raises the bound, up to 32 MiB, as such are freed; tables that grow
  /// while a policy is read would then leave holes of megabytes between what stays.
  static func mapLargeAllocations() {
    mallopt(M_MMAP_THRESHOLD, 128 * 1024)
  }
}
