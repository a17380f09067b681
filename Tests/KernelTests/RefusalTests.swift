// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Dataplane

extension KernelTests {
  @Suite struct RefusalTests {
    @Test func aProgramTheVerifierRefusesIsNamedWithTheErrnoAndTheLog() throws {
      let image = try withoutExits(ProgramImages.image("replay"))
      try Node.with { node in
        let error = #expect(throws: DataplaneError.self) {
          try ProgramObject(name: "replay", image: image, pins: node.pins)
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("cannot load BPF object replay: Invalid argument (errno 22)"), "\(text)")
        #expect(text.contains("swerve_replay_vector"), "\(text)")
        // The verifier's own words.
        #expect(text.contains("last insn is not an exit"), "\(text)")
      }
    }

    @Test func aFileThatIsNoObjectIsRefused() throws {
      try Node.with { node in
        let error = #expect(throws: DataplaneError.self) {
          try ProgramObject(name: "noise", image: Data(repeating: 7, count: 4096), pins: node.pins)
        }
        #expect(error.map { "\($0)" }?.hasPrefix("cannot open BPF object noise") == true)
      }
    }

    /// The image with every `exit` replaced by an instruction that does not exist. Instructions are eight bytes, aligned.
    private func withoutExits(_ image: Data) throws -> Data {
      var bytes = [UInt8](image)
      let exit: [UInt8] = [0x95, 0, 0, 0, 0, 0, 0, 0]
      var count = 0
      for start in stride(from: 0, to: bytes.count - 8, by: 8) where Array(bytes[start..<start + 8]) == exit {
        bytes[start] = 0xff
        count += 1
      }
      try #require(count > 0)
      return Data(bytes)
    }
  }
}
