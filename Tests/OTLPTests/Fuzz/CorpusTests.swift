// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTLP
import Testing

/// What the fuzzer has found worth keeping (`make fuzz-otlp`), read again in every run of the tests. A failure ends the
/// process.
@Suite struct CorpusTests {
  private static let root = URL(filePath: #filePath).appending(path: "../../../Fuzz/Corpus").standardized

  @Test(arguments: [("otlp-protobuf", MessageEncoding.protobuf), ("otlp-json", .json)])
  func everyInputIsRefusedOrSurvivesBeingWritten(_ name: String, _ encoding: MessageEncoding) throws {
    let directory = Self.root.appending(path: name)
    let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
    #expect(files.count > 50)
    for file in files { try Data(contentsOf: file).withUnsafeBytes { OTLPFuzz.run($0, encoding) } }
  }
}
