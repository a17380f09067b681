// SPDX-License-Identifier: Apache-2.0

/// What one request may cost.
public struct DecodingLimits: Hashable, Sendable {
  /// Bytes of the input; what the OTLP specification recommends.
  public var inputBytesMax: Int
  /// Bytes of memory that the read messages take. Messages are larger than their encoding: five to ten times for
  /// metrics as SDKs send them, and up to sixty times for lists of empty messages.
  public var memoryBytesMax: Int
  /// Bytes that a decoder keeps between requests, so that the next one allocates nothing.
  public var keptBytesMax: Int

  public init(inputBytesMax: Int = 64 << 20, memoryBytesMax: Int = 512 << 20, keptBytesMax: Int = 16 << 20) {
    self.inputBytesMax = inputBytesMax
    self.memoryBytesMax = memoryBytesMax
    self.keptBytesMax = keptBytesMax
  }
}
