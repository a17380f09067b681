// SPDX-License-Identifier: Apache-2.0

import OTLP
import Testing

/// Mutations of sound requests in both encodings; `make fuzz-otlp` does it at length, with sanitizers.
@Suite struct MutationTests {
  private static let inputCount = 4_000

  @Test(arguments: ["metrics", "traces", "logs"], [MessageEncoding.protobuf, .json])
  func mutatedRequestsAreRefusedOrSurviveBeingWritten(_ name: String, _ encoding: MessageEncoding) throws {
    let sound = try Self.sample(name, encoding)
    var random = SplitMix(state: 4_711)
    var accepted = 0
    for number in 0..<Self.inputCount {
      let bytes = Self.mutate(sound, &random)
      let reading: Reading
      do { reading = try Reading.of(name, bytes, as: encoding) } catch {
        #expect(error is OTLPError)
        continue
      }
      accepted += 1
      let again = try Reading.of(name, reading.protobuf)
      #expect(again.lines == reading.lines && again.protobuf == reading.protobuf, "input \(number)")
      #expect(try Reading.of(name, reading.json, as: .json).json == reading.json, "input \(number)")
    }
    #expect(accepted > Self.inputCount / 50, "mutations are too wild to be worth anything")
  }

  private static func sample(_ name: String, _ encoding: MessageEncoding) throws -> [UInt8] {
    switch (name, encoding) {
    case ("metrics", .protobuf): try Samples.metrics().protobuf()
    case ("metrics", .json): try Samples.metrics().json()
    case ("traces", .protobuf): try Samples.traces().protobuf()
    case ("traces", .json): try Samples.traces().json()
    case (_, .protobuf): try Samples.logs().protobuf()
    case (_, .json): try Samples.logs().json()
    }
  }

  /// Changes, removes, doubles or inserts a few bytes.
  private static func mutate(_ sound: [UInt8], _ random: inout SplitMix) -> [UInt8] {
    var bytes = sound
    for _ in 0...Int.random(in: 0..<3, using: &random) {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(at + Int.random(in: 1...8, using: &random), bytes.count)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 2 where bytes.count > 16: bytes.removeSubrange(at..<end)
      case 3: bytes.insert(contentsOf: bytes[at..<end], at: at)
      default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
      }
    }
    return bytes
  }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014): the same inputs in every run.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
    return word ^ word >> 31
  }
}
