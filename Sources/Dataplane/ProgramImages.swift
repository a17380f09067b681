// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The compiled BPF objects inside this executable.
enum ProgramImages {
  /// The ELF image of an object.
  static func image(_ name: String) throws(DataplaneError) -> Data {
    guard let literal = EmbeddedObjects.all[name] else {
      throw DataplaneError(.program, "find BPF object \(name) in this executable")
    }
    let text = UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
    guard let image = Data(base64Encoded: Data(buffer: text)) else {
      throw DataplaneError(.program, "decode BPF object \(name)")
    }
    return image
  }

  /// Identifies this build's programs: FNV-1a, 64 bits (draft-eastlake-fnv), over all objects in name order.
  static let fingerprint: UInt64 = {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (_, literal) in EmbeddedObjects.all.sorted(by: { $0.key < $1.key }) {
      for byte in UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
      }
    }
    return hash
  }()
}
