// SPDX-License-Identifier: Apache-2.0

import CNghttp2
import NIOCore

/// How many frames of each kind that costs more than it brings the peer still has.
struct HTTP2Budgets {
  private var resets: FrameBudget
  private var settings: FrameBudget
  private var pings: FrameBudget
  private var priorities: FrameBudget
  private var emptyData: FrameBudget
  private var windowUpdates: FrameBudget
  private var oversizedHeaders: FrameBudget

  init(_ limits: HTTP2Limits) {
    resets = FrameBudget(limits.resets)
    settings = FrameBudget(limits.settings)
    pings = FrameBudget(limits.pings)
    priorities = FrameBudget(limits.priorities)
    emptyData = FrameBudget(limits.emptyData)
    windowUpdates = FrameBudget(limits.windowUpdates)
    oversizedHeaders = FrameBudget(limits.oversizedHeaders)
  }

  /// A frame begins to come in. Says which limit it is too many for.
  mutating func receive(_ header: nghttp2_frame_hd, now: NIODeadline) -> HTTP2Refusal? {
    let isAcknowledgement = header.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0
    switch UInt32(header.type) {
    case NGHTTP2_DATA.rawValue:
      let ends = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
      return header.length > 0 || ends || emptyData.spend(now: now) ? nil : .emptyDataFlood
    case NGHTTP2_RST_STREAM.rawValue:
      return resets.spend(now: now) ? nil : .resetFlood
    case NGHTTP2_SETTINGS.rawValue:
      return isAcknowledgement || settings.spend(now: now) ? nil : .settingsFlood
    case NGHTTP2_PING.rawValue:
      return isAcknowledgement || pings.spend(now: now) ? nil : .pingFlood
    case NGHTTP2_WINDOW_UPDATE.rawValue:
      return windowUpdates.spend(now: now) ? nil : .windowUpdateFlood
    case NGHTTP2_HEADERS.rawValue, NGHTTP2_CONTINUATION.rawValue, NGHTTP2_GOAWAY.rawValue:
      return nil
    default:
      return priorities.spend(now: now) ? nil : .priorityFlood
    }
  }

  /// A stream was reset because of what the peer did wrong on it.
  mutating func provokedReset(now: NIODeadline) -> Bool { resets.spend(now: now) }

  mutating func oversizedHeaders(now: NIODeadline) -> Bool { oversizedHeaders.spend(now: now) }

  mutating func streamBegan() {
    priorities.earn(10)
    windowUpdates.earn(5)
  }

  /// A server may reset each request once.
  mutating func ownStreamBegan() {
    streamBegan()
    resets.earn(1)
  }

  mutating func streamEndedWell() { resets.earn(1) }

  mutating func sentData() {
    windowUpdates.earn(10)
    pings.earn(1)
  }

  mutating func sentHeaders() { pings.earn(1) }
}
