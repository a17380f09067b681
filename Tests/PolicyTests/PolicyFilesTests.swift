// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Testing

@Suite struct PolicyFilesTests {
  static let invalid = Fixtures.policies.appending(path: "invalid")

  @Test func thereAreEnoughInvalidFiles() {
    #expect(Fixtures.policyFiles(in: Self.invalid).count >= 210)
  }

  @Test(arguments: Fixtures.policyFiles(in: invalid))
  func invalidFileIsRejectedWithItsExactDiagnostics(_ name: String) throws {
    let file = PolicyParser.parse(
      try Fixtures.bytes(name, in: Self.invalid), path: name, readBody: Fixtures.bodyReader(in: Self.invalid))
    let store = Fixtures.store(file)
    let diagnostics = (file.diagnostics + store.diagnostics).sorted()
    let sidecar = (name as NSString).deletingPathExtension + ".expected"
    let expected = String(decoding: try Fixtures.bytes(sidecar, in: Self.invalid), as: UTF8.self)
    #expect(diagnostics.map(\.description).joined(separator: "\n") + "\n" == expected)
    #expect(diagnostics.contains { $0.severity == .error })
  }

  /// What is only unsupported is a warning when that is asked for.
  @Test(arguments: Fixtures.policyFiles(in: invalid))
  func unsupportedFieldsAreWarningsWhenAllowed(_ name: String) throws {
    let bytes = try Fixtures.bytes(name, in: Self.invalid)
    let errors = PolicyParser.parse(bytes, path: name).diagnostics.filter { $0.severity == .error }
    guard !errors.isEmpty, errors.allSatisfy({ $0.message.contains("(--allow-unsupported to ignore it)") }) else {
      return
    }
    let file = PolicyParser.parse(bytes, path: name, allowUnsupported: true)
    #expect(!file.hasErrors, "\(file.diagnostics)")
    #expect(file.diagnostics.filter { $0.message.hasSuffix("; it has no effect") }.count == errors.count)
  }

  @Test(arguments: Fixtures.policyFiles(in: Fixtures.examples))
  func exampleIsAcceptedWithoutAWarning(_ name: String) throws {
    let file = try Fixtures.example(name)
    #expect(file.diagnostics.isEmpty)
    #expect(Fixtures.store(file).diagnostics.isEmpty)
  }

  @Test func allExamplesTogetherDoNotConflict() throws {
    var store = PolicyStore()
    for name in Fixtures.policyFiles(in: Fixtures.examples) {
      _ = store.replace(try Fixtures.example(name))
    }
    #expect(store.diagnostics.isEmpty)
    #expect(store.services.count == 16)
  }
}
