// SPDX-License-Identifier: Apache-2.0

/// Numbers that zlib's manual gives no names.
enum Zlib {
  /// Added to the window's bits: gzip's header and trailer, and nothing else.
  static let gzipOnly: Int32 = 16
  /// zlib counts in 32 bits.
  static let bytesPerCallMax = Int(Int32.max)

  /// Bytes of room for the first step of decompression. Telemetry shrinks to a fifth or less.
  static func room(forInput byteCount: Int) -> Int {
    min(max(byteCount, 256), 1 << 24) * 4
  }
}
