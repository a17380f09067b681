// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import Telemetry

extension EncodedRequest {
  /// Its bytes are its number in decimal, filled up with spaces; no protobuf.
  static func numbered(
    _ number: Int, bytes: Int = 8, items: Int = 1, _ signal: Signal = .metrics, tenant: String? = nil
  ) -> EncodedRequest {
    let digits = String(number)
    let text = digits + String(repeating: " ", count: max(bytes - digits.count, 0))
    return EncodedRequest(signal: signal, protobuf: ByteBuffer(string: text), itemCount: items, tenant: tenant)
  }

  /// The number of `numbered`.
  var number: Int? { Int(String(buffer: protobuf).trimmed) }
}

extension RequestQueue {
  func add(_ request: EncodedRequest) throws(Refusal) {
    try reserve(request)
    try commit(request)
  }

  /// Takes all there is to take now, without acknowledging it.
  func takeAll(_ batch: BatchSettings? = nil) -> [[QueuedRequest]] {
    var taken: [[QueuedRequest]] = []
    while case .batch(let requests) = take(batch) { taken.append(requests) }
    return taken
  }

  func takeNumbers() -> [Int] { takeAll().joined().compactMap(\.request.number) }
}

/// The reason of the refusal; nil when there was none.
func refusal(_ body: () throws(Refusal) -> Void) -> Refusal.Reason? {
  do throws(Refusal) {
    try body()
    return nil
  } catch {
    return error.reason
  }
}

/// Numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea and Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
