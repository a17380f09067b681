// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Why something was refused to a peer.
public enum HTTP2Refusal: String, CaseIterable, Sendable {
  /// Requests beyond ``HTTP2Limits/concurrentStreamsMax``.
  case concurrentStreams = "concurrent_streams"
  /// Header lists beyond ``HTTP2Limits/headerListBytesMax``.
  case headerList = "header_list"
  /// Streams reset because a message was malformed (RFC 9113, section 8.1.1).
  case malformedMessage = "malformed_message"
  /// Connections ended because the peer broke the protocol.
  case protocolViolation = "protocol_violation"
  /// Connections ended because of too many of these frames; see ``HTTP2Limits``.
  case resetFlood = "reset_flood"
  case settingsFlood = "settings_flood"
  case pingFlood = "ping_flood"
  case priorityFlood = "priority_flood"
  case emptyDataFlood = "empty_data_flood"
  case windowUpdateFlood = "window_update_flood"
  case headerListFlood = "header_list_flood"
  case acknowledgementFlood = "acknowledgement_flood"
  /// Connections without a stream for too long.
  case idle
  /// Connections whose peer did not answer a keepalive.
  case keepaliveTimeout = "keepalive_timeout"

  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// Counts over all connections that share it. Any thread may read.
public final class HTTP2Statistics: Sendable {
  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  private let refusals = HTTP2Refusal.allCases.map { _ in Counter() }
  private let connections = Counter()
  private let streams = Counter()
  private let begun = Counter()

  public init() {}

  public func count(of refusal: HTTP2Refusal) -> Int { refusals[refusal.index].value.load(ordering: .relaxed) }
  /// Connections open now.
  public var openConnections: Int { connections.value.load(ordering: .relaxed) }
  /// Streams in memory now, those included that someone still holds after their end.
  public var liveStreams: Int { streams.value.load(ordering: .relaxed) }
  /// Streams since the start.
  public var streamsBegun: Int { begun.value.load(ordering: .relaxed) }

  func refused(_ refusal: HTTP2Refusal) { refusals[refusal.index].value.add(1, ordering: .relaxed) }
  func connectionsChanged(by count: Int) { connections.value.add(count, ordering: .relaxed) }
  func streamBegun() {
    streams.value.add(1, ordering: .relaxed)
    begun.value.add(1, ordering: .relaxed)
  }
  func streamGone() { streams.value.subtract(1, ordering: .relaxed) }
}
