// SPDX-License-Identifier: Apache-2.0

import Testbed

/// Makes policy files that are nearly right, reproducibly from a seed.
struct Mutation {
  private let valid: [[UInt8]]
  private let others: [[UInt8]]
  private var generator: SeededGenerator

  private static let tokens = [
    "\0", "\t", "&a ", "*a", "<<: ", "[", "]", "{", "}", ": ", "- ", "\n", "'", "\"", "|\n", "!!str ", "null",
    "99999999999999999999", "127.0.0.1", "\u{FFFD}", "---\n", "-1", "0x", "yes", "\r", "#", "%TAG ! x\n", "0", "1.5",
    "10s", "1h3m", "*", "*.local", ".", "/", "~", "100", "101", "\"*\"", "\u{1F600}", "default", "web",
    "exportTo: ['.']",
    "subset: v1", "portLevelSettings", "trafficPolicy", "outlierDetection: {}", "localityLbSetting: {}", "true",
    "retries: {}", "timeout: 1s", "DestinationRule", "VirtualService", "TrafficPolicy", "fallback", "simple: RANDOM",
  ].map { Array($0.utf8) }

  /// - Parameters:
  ///   - valid: files to begin with three times out of four, so that many results are still accepted.
  ///   - others: files that have a mistake already, or name a Service they do not have.
  init(of valid: [[UInt8]], and others: [[UInt8]], seed: UInt64) {
    self.valid = valid
    self.others = others
    generator = SeededGenerator(seed: seed)
  }

  mutating func next() -> [UInt8] {
    var bytes = source()
    for _ in 0..<Int.random(in: 1...3, using: &generator) { change(&bytes) }
    return bytes
  }

  private mutating func source() -> [UInt8] {
    let from = Int.random(in: 0..<4, using: &generator) == 0 ? others : valid
    return from.randomElement(using: &generator) ?? []
  }

  private mutating func change(_ bytes: inout [UInt8]) {
    let at = Int.random(in: 0...bytes.count, using: &generator)
    let end = min(bytes.count, at + Int.random(in: 0...40, using: &generator))
    switch Int.random(in: 0..<9, using: &generator) {
    case 0: bytes.removeSubrange(at..<end)
    case 1: bytes.insert(contentsOf: token(), at: at)
    case 2: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &generator))
    case 3: if at < bytes.count { bytes[at] = UInt8.random(in: 0...255, using: &generator) }
    case 4: bytes.removeSubrange(at...)
    case 5: replaceWord(at: at, in: &bytes)
    case 6: bytes += Array("\n---\n".utf8) + source()
    case 7: dropLine(at: at, from: &bytes)
    default:
      let other = source()
      bytes.insert(contentsOf: other.prefix(Int.random(in: 0...other.count, using: &generator)), at: at)
    }
  }

  private mutating func token() -> [UInt8] { Self.tokens.randomElement(using: &generator) ?? [] }

  /// A value in the place of another: what a type checker has to catch.
  private mutating func replaceWord(at position: Int, in bytes: inout [UInt8]) {
    let isPart = { (byte: UInt8) in byte > 0x20 && !"{}[],:\"'".utf8.contains(byte) }
    var start = position
    while start > 0, isPart(bytes[start - 1]) { start -= 1 }
    var end = position
    while end < bytes.count, isPart(bytes[end]) { end += 1 }
    bytes.replaceSubrange(start..<end, with: token())
  }

  private func dropLine(at position: Int, from bytes: inout [UInt8]) {
    let newline = UInt8(ascii: "\n")
    let start = bytes[..<position].lastIndex(of: newline) ?? 0
    let end = bytes[position...].firstIndex(of: newline) ?? bytes.count
    bytes.removeSubrange(start..<max(start, end))
  }
}
