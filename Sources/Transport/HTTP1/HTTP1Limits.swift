// SPDX-License-Identifier: Apache-2.0

/// Bounds of a server's HTTP/1.1 connections. Reaching one is counted in `ServerStatistics`.
public struct HTTP1Limits: Sendable {
  /// Method, target and version; a longer line is answered with 414.
  public var requestLineBytesMax = 8 << 10
  /// All names and values of a head, trailers included; more is answered with 431.
  public var headBytesMax = 64 << 10
  /// Fields of a head, trailers included; more is answered with 431.
  public var headFieldsMax = 128
  /// Body bytes of a request that its receiver has not consumed; beyond, the connection is not read.
  public var bodyWindowBytes = 256 << 10
  /// Of a request that was answered before it was complete, at most this is read so that the connection can be kept.
  public var drainBytesMax = 256 << 10
  /// Requests that may wait while one before them is being answered; the connection ends after the last of them.
  public var pipelinedMax = 64

  /// From a request's first byte to the end of its head, else 408.
  public var headTimeout: Duration = .seconds(10)
  /// In each stretch of this length a request's body has to bring `bodyBytesMin`, else 408. Time in which its receiver
  /// takes nothing does not count.
  public var bodyTimeout: Duration = .seconds(20)
  public var bodyBytesMin = 1024
  /// Between a response and the next request.
  public var idleTimeout: Duration = .seconds(75)
  /// For the client to take some of a response when more waits than the socket takes.
  public var sendTimeout: Duration = .seconds(30)
  /// How long an idle connection is still read when the server drains: a request may be on its way, and HTTP/1.1 has no
  /// word for one that was not looked at.
  public var drainGrace: Duration = .milliseconds(100)
  /// For the client to close its side after the last response, in which what it still sends is dropped: closing at once
  /// would make the kernel reset the connection, and the client lose the response (RFC 9112, section 9.6).
  public var lingerTimeout: Duration = .seconds(2)

  public init() {}
}
