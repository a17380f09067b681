// SPDX-License-Identifier: Apache-2.0

import Policy
import Testbed
import Testing

/// Whatever a file holds, the parser answers, soon.
@Suite struct HostileInputTests {
  private let clock = ContinuousClock()

  static let oddTexts = [
    String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
    String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
    String(repeating: "&a ", count: 10_000), String(repeating: "%TAG !a! b\n", count: 100_000),
    String(repeating: "\"", count: 99_999), String(repeating: "a", count: 1_000_000), "\u{FEFF}", "\0", "\t",
    "--- |\n\t", "a: *a", "&a [*a]", "<<: {<<: {<<: []}}", "? [a]\n: b", "...", "---\n---\n---", "!!binary x",
    "!<tag:x> y", String(repeating: "a: 1\n", count: 50_000), "\u{2028}: \u{85}",
  ]

  @Test(arguments: oddTexts.indices)
  func oddTextIsAnsweredSoon(_ index: Int) {
    let elapsed = clock.measure {
      let file = Fixtures.parse(Self.oddTexts[index])
      #expect(file.hasErrors || file.serviceCount == 0)
    }
    #expect(elapsed < .seconds(5))
  }

  @Test func aliasesThatMultiplyAreBounded() {
    let endpoint = "&e {addresses: &a [\(Array(repeating: "127.0.1.1", count: 1_000).joined(separator: ","))]}"
    let endpoints = "&es [\(endpoint)\(String(repeating: ", *e", count: 999))]"
    let text = """
      apiVersion: v1
      kind: List
      items:
      - &slice
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{port: 80}]
        endpoints: \(endpoints)
      \(String(repeating: "- *slice\n", count: 10_000))
      """
    let elapsed = clock.measure { #expect(Fixtures.parse(text).hasErrors) }
    // About a second when optimized; without optimization, beside other tests, forty times that.
    #expect(elapsed < .seconds(120))
  }

  @Test func mergeKeysThatMultiplyAreBounded() {
    let big = (0..<10_000).map { "k\($0): 1" }.joined(separator: ", ")
    let text = "base: &b {\(big)}\nusers:\n" + String(repeating: "- {<<: [*b, *b, *b]}\n", count: 10_000)
    let elapsed = clock.measure { #expect(Fixtures.parse(text).hasErrors) }
    #expect(elapsed < .seconds(30))
  }

  @Test func mistakesWithoutEndAreListedUpToABound() {
    let text = Fixtures.service() + (0..<5_000).map { "x\($0): 1\n" }.joined()
    let file = Fixtures.parse(text)
    #expect(file.diagnostics.count == 1_000 && file.hasErrors)
    #expect(file.diagnostics.contains { $0.message.contains("not listed") })
  }

  @Test func largeFileIsRefused() {
    let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: PolicyParser.fileBytesMax + 1)
    #expect(PolicyParser.parse(bytes, path: "a.yaml").diagnostics.first?.message.contains("at most 67108864") == true)
  }

  /// 20,000 mutations of the examples, reproducible from the seed.
  @Test func mutatedExamplesNeverCrashNorHang() throws {
    var generator = SeededGenerator(state: 4_711)
    let names = Fixtures.policyFiles(in: Fixtures.examples)
    let sources = try names.map { try Fixtures.bytes($0, in: Fixtures.examples) }
    let tokens = [
      "\0", "\t", "&a ", "*a", "<<: ", "[", "]", "{", "}", ": ", "- ", "\n", "'", "\"", "|\n", "!!str ", "null",
      "99999999999999999999", "127.0.0.1", "\u{FFFD}", "---\n", "-1", "0x", "yes", "\r", "#", "%TAG ! x\n",
    ].map { Array($0.utf8) }
    let start = clock.now
    for _ in 0..<20_000 {
      guard var bytes = sources.randomElement(using: &generator) else { return }
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        Self.mutate(&bytes, tokens, sources, &generator)
      }
      let file = PolicyParser.parse(bytes, path: "a.yaml")
      var store = PolicyStore()
      _ = store.replace(file)
      _ = store.diagnostics
      #expect(!file.hasErrors || store.services.isEmpty)
    }
    #expect(clock.now - start < .seconds(240))
  }

  private static func mutate(
    _ bytes: inout [UInt8], _ tokens: [[UInt8]], _ sources: [[UInt8]], _ generator: inout SeededGenerator
  ) {
    let at = Int.random(in: 0...bytes.count, using: &generator)
    let end = min(bytes.count, at + Int.random(in: 0...40, using: &generator))
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes.removeSubrange(at..<end)
    case 1: bytes.insert(contentsOf: tokens.randomElement(using: &generator) ?? [], at: at)
    case 2: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &generator))
    case 3: if at < bytes.count { bytes[at] = UInt8.random(in: 0...255, using: &generator) }
    case 4: bytes.removeSubrange(at...)
    default:
      let other = sources.randomElement(using: &generator) ?? []
      bytes.insert(contentsOf: other.prefix(Int.random(in: 0...other.count, using: &generator)), at: at)
    }
  }
}
