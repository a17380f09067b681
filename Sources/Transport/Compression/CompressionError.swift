// SPDX-License-Identifier: Apache-2.0

/// Why compressed bytes were not taken.
public enum CompressionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No gzip, a wrong checksum or length, or something else after the last member.
  case corrupt(String)
  /// The bytes end within a member.
  case truncated
  /// More comes out than is allowed.
  case limitExceeded(bytesMax: Int)
  /// zlib or the memory budget has no memory for it.
  case outOfMemory

  public var description: String {
    switch self {
    case .corrupt(let reason): "the gzip data is corrupt: \(reason)"
    case .truncated: "the gzip data ends early"
    case .limitExceeded(let bytesMax): "the gzip data decompresses to more than \(bytesMax) bytes"
    case .outOfMemory: "there is no memory to decompress"
    }
  }
}
