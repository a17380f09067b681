// SPDX-License-Identifier: Apache-2.0

/// What a queue's and a batch's size is counted in: the Collector's `sizer`.
public enum QueueSizer: String, CaseIterable, Sendable {
  case requests
  /// Data points, spans, log records or profiles.
  case items
  /// Of protobuf, uncompressed.
  case bytes

  func size(itemCount: Int, byteCount: Int) -> Int {
    switch self {
    case .requests: 1
    case .items: itemCount
    case .bytes: byteCount
    }
  }

  func size(of request: EncodedRequest) -> Int {
    size(itemCount: request.itemCount, byteCount: request.protobuf.readableBytes)
  }
}
