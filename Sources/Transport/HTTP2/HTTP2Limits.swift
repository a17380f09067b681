// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// What one connection of HTTP/2 may take of this process. All of it is enforced, and counted in ``HTTP2Statistics``.
public struct HTTP2Limits: Hashable, Sendable {
  /// Requests of the peer under way at once (SETTINGS_MAX_CONCURRENT_STREAMS); of a client, its own. Above: REFUSED_STREAM.
  public var concurrentStreamsMax = 1000

  /// Names, values and 32 bytes for each field of a request, response or trailers (SETTINGS_MAX_HEADER_LIST_SIZE). A
  /// server answers 431 above, a client resets; nothing beyond it is kept.
  public var headerListBytesMax = 16 << 10

  /// Frames that one header block may be continued in; more end the connection.
  public var continuationsMax = 8

  /// What the peer may send of one body before it is consumed (SETTINGS_INITIAL_WINDOW_SIZE).
  public var streamWindowBytes = 1 << 20

  /// The same of all bodies of a connection together.
  public var connectionWindowBytes = 8 << 20

  /// The largest frame taken (SETTINGS_MAX_FRAME_SIZE), 16 KiB to 16 MiB.
  public var frameBytesMax = 16 << 10

  /// A body's sender is not writable from the high watermark on, until less than the low one waits.
  public var sendQueueBytesHigh = 256 << 10
  public var sendQueueBytesLow = 64 << 10

  /// RST_STREAM for requests not answered yet, and resets that the peer's own mistakes cause (CVE-2023-44487, CVE-2025-8671).
  /// Each exchange that ends well allows for one more.
  public var resets = FrameRate(burst: 500, perSecond: 50)
  /// SETTINGS, without acknowledgements (CVE-2019-9515).
  public var settings = FrameRate(burst: 100, perSecond: 5)
  /// PING, without acknowledgements (CVE-2019-9512). Each frame of headers or data sent allows for one more: some peers
  /// measure the bandwidth so.
  public var pings = FrameRate(burst: 100, perSecond: 10)
  /// PRIORITY (CVE-2019-9513). Each stream opened allows for ten more. Unknown frames cost nothing, and are ignored.
  public var priorities = FrameRate(burst: 500, perSecond: 50)
  /// DATA without data that ends nothing (CVE-2019-9518).
  public var emptyData = FrameRate(burst: 100, perSecond: 50)
  /// WINDOW_UPDATE. Each DATA frame sent allows for ten more, each stream opened for five.
  public var windowUpdates = FrameRate(burst: 2000, perSecond: 500)
  /// Header lists above the limit.
  public var oversizedHeaders = FrameRate(burst: 20, perSecond: 5)

  /// Answers to PING and SETTINGS that wait because the peer does not read.
  public var acknowledgementsQueuedMax = 1000

  /// A connection without a stream is closed after this; nil: never. A client's pool has its own idea of it.
  public var idleTimeout: TimeAmount? = .minutes(10)

  /// After this long without a byte from the peer it is sent a PING; nil: never.
  public var keepaliveInterval: TimeAmount? = .seconds(60)
  /// Nothing within this time after the PING: the connection is lost.
  public var keepaliveTimeout: TimeAmount = .seconds(20)
  /// A client pings only with requests under way, as gRPC's servers want it, unless this is set.
  public var keepaliveWithoutStreams = false

  /// How long the peer has to read the last of a connection that is closing.
  public var closeTimeout: TimeAmount = .seconds(1)

  public init() {}
}
