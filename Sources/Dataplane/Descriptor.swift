// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation

/// A file descriptor that is closed when the last reference to it goes.
final class Descriptor: Sendable {
  let raw: Int32

  init(owning raw: Int32) {
    self.raw = raw
  }

  deinit {
    close(raw)
  }

  /// Opens an object pinned in bpffs; nil when nothing is pinned there.
  static func pinned(_ path: String) throws(DataplaneError) -> Descriptor? {
    let raw = bpf_obj_get(path)
    if raw >= 0 { return Descriptor(owning: raw) }
    let error = errorNumber(raw)
    if error == ENOENT { return nil }
    throw DataplaneError(.map, "open \(path)", errno: error)
  }
}
