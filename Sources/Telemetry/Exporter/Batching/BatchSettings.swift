// SPDX-License-Identifier: Apache-2.0

/// How requests are joined and split before they are sent: `sending_queue.batch` in the Collector's words.
public struct BatchSettings: Hashable, Sendable {
  /// What `minSize` and `maxSize` count. `requests` never splits.
  public var sizer = QueueSizer.items
  /// A batch of this size does not wait for more.
  public var minSize = 8_192
  /// Larger requests are split; nil for no limit.
  public var maxSize: Int?
  /// Of protobuf, uncompressed. Receivers commonly take 4 MiB in one gRPC message.
  public var bytesMax = 3 << 20
  /// How long a request waits for others.
  public var flushTimeout = Duration.milliseconds(200)

  public init() {}

  /// Whether more may be added to a batch of that size.
  func hasRoom(_ size: Int, _ byteCount: Int) -> Bool {
    size <= maxSize ?? .max && byteCount <= bytesMax
  }

  func isFull(_ size: Int, _ byteCount: Int) -> Bool {
    size >= min(minSize, maxSize ?? .max) || byteCount >= bytesMax
  }
}
