// SPDX-License-Identifier: Apache-2.0

import NIOCore

extension EncodedRequest {
  /// One request of several: protobuf's repeated fields are joined by putting their bytes one after the other.
  ///
  /// - Parameter requests: of one signal and tenant; profiles only alone.
  /// - Returns: nil for none.
  static func joining(_ requests: [EncodedRequest]) -> EncodedRequest? {
    guard var joined = requests.first else { return nil }
    if requests.count == 1 { return joined }
    var bytes = ByteBuffer()
    bytes.reserveCapacity(requests.reduce(0) { $0 + $1.protobuf.readableBytes })
    for request in requests { bytes.writeImmutableBuffer(request.protobuf) }
    joined.protobuf = bytes
    joined.itemCount = requests.reduce(0) { $0 + $1.itemCount }
    return joined
  }
}
