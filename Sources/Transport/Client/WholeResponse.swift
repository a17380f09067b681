// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import NIOCore

/// A response that was read to its end.
public struct WholeResponse: Sendable {
  public var head: HTTPResponse
  public var body: ByteBuffer
  public var trailers: HTTPFields?

  public init(head: HTTPResponse, body: ByteBuffer = ByteBuffer(), trailers: HTTPFields? = nil) {
    self.head = head
    self.body = body
    self.trailers = trailers
  }
}
