// SPDX-License-Identifier: Apache-2.0

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
}
