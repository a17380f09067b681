// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Policy
import Testing

/// Mutations of every example and of every invalid file: whatever they hold, the parser answers soon, and what it accepts
/// can be written out and read again.
@Suite struct FuzzTests {
  /// `make fuzz-policy` has a million.
  private static let inputCount =
    ProcessInfo.processInfo.environment["SWERVE_FUZZ_INPUTS"].flatMap { Int($0) } ?? 20_000
  private static let seed =
    ProcessInfo.processInfo.environment["SWERVE_FUZZ_SEED"].flatMap { UInt64($0) } ?? 4_711
  private static let parseSecondsMax = 1.0

  @Test func mutatedFilesNeitherCrashNorHangAndAcceptedOnesRoundTrip() throws {
    let valid = try Self.files("examples")
    var mutation = Mutation(of: valid, and: try Self.files("istio") + Self.files("invalid"), seed: Self.seed)
    var accepted = 0
    var slowest = 0.0
    for number in 0..<Self.inputCount {
      let bytes = mutation.next()
      let start = Self.processorSeconds()
      let file = PolicyParser.parse(bytes, path: "a.yaml")
      slowest = max(slowest, Self.processorSeconds() - start)
      var store = PolicyStore(zone: "zone-a")
      _ = store.replace(file)
      _ = store.diagnostics
      if file.hasErrors {
        #expect(store.services.isEmpty)
        continue
      }
      accepted += 1
      if let complaint = Self.complaint(about: file, store) {
        Issue.record("input \(number) of seed \(Self.seed): \(complaint)\n\(String(decoding: bytes, as: UTF8.self))")
      }
    }
    print("fuzz: \(Self.inputCount) inputs, \(accepted) accepted, slowest parse \(Int(slowest * 1e6)) us")
    #expect(slowest < Self.parseSecondsMax)
    #expect(accepted > Self.inputCount / 20, "mutations are too wild to be worth anything")
  }

  private static func files(_ name: String) throws -> [[UInt8]] {
    let directory = Fixtures.policies.appending(path: name)
    return try Fixtures.policyFiles(in: directory).map { try Fixtures.bytes($0, in: directory) }
  }

  /// What is lost when an accepted file is written out and read again; nil when nothing is.
  private static func complaint(about file: ParsedFile, _ store: PolicyStore) -> String? {
    let form = file.canonicalForm
    let again = PolicyParser.parse(form.lines, path: "a.yaml")
    if again.hasErrors { return "the canonical form is refused: \(again.diagnostics)" }
    if again.canonicalForm != form { return "another canonical form: \(form.text) and \(again.canonicalForm.text)" }
    var copy = PolicyStore(zone: "zone-a")
    _ = copy.replace(again)
    let same = store.sortedServices.elementsEqual(copy.sortedServices) { $0.hasSameMeaning(as: $1) }
    return same ? nil : "another meaning: \(form.text)"
  }

  /// Of this thread, so that a busy machine makes no parse look slow.
  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

@Suite struct CanonicalFormTests {
  @Test(arguments: Fixtures.policyFiles(in: Fixtures.examples))
  func exampleSurvivesBeingWrittenOut(_ name: String) throws {
    let file = try Fixtures.example(name)
    let again = PolicyParser.parse(
      file.canonicalForm.lines, path: name, readBody: Fixtures.bodyReader(in: Fixtures.examples))
    #expect(!again.hasErrors, "\(again.diagnostics)")
    #expect(again.canonicalForm == file.canonicalForm)
    let services = Fixtures.store(file).sortedServices
    #expect(services.elementsEqual(Fixtures.store(again).sortedServices) { $0.hasSameMeaning(as: $1) })
  }

  @Test func canonicalFormIsJSON() throws {
    let file = Fixtures.parse(RuleFixtures.web + RuleFixtures.destinationRule("outlierDetection: {}"))
    #expect(try JSONSerialization.jsonObject(with: Data(file.canonicalForm.text.utf8)) is [String: Any])
    #expect(try JSONSerialization.jsonObject(with: Data(file.canonicalForm.lines.utf8)) is [String: Any])
  }
}
