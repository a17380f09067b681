// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What the fuzzer has found worth keeping (`make fuzz-transport`), read again in every run of the tests. A failure ends
/// the process.
@Suite struct CorpusTests {
  private static let root = URL(filePath: #filePath).appending(path: "../../../Fuzz/Corpus").standardized

  @Test(arguments: TransportFuzz.allCases)
  func everyInputIsReadWithoutHarm(_ target: TransportFuzz) throws {
    let directory = Self.root.appending(path: target.rawValue)
    let files = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
    #expect(files.count > 20)
    for file in files { try Data(contentsOf: file).withUnsafeBytes { target.run($0) } }
  }
}
