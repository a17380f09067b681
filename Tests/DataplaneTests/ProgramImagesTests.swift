// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Dataplane

@Suite struct ProgramImagesTests {
  @Test func thereAreProgramsInTheExecutable() {
    #expect(!EmbeddedObjects.all.isEmpty)
  }

  @Test(arguments: EmbeddedObjects.all.keys.sorted()) func imageIsALittleEndianBPFObject(name: String) throws {
    let image = [UInt8](try ProgramImages.image(name))
    try #require(image.count > 64)
    // Elf64_Ehdr: magic, 64 bits, little-endian; ET_REL; EM_BPF (<elf.h>).
    #expect(image[..<6] == [0x7f, UInt8(ascii: "E"), UInt8(ascii: "L"), UInt8(ascii: "F"), 2, 1])
    #expect(image[16..<20] == [1, 0, 247, 0])
  }

  @Test func unknownObjectIsAnErrorThatNamesIt() {
    let error = #expect(throws: DataplaneError.self) { try ProgramImages.image("nonsense") }
    #expect(error?.description == "cannot find BPF object nonsense in this executable")
  }

  /// It is compared across processes: it may depend on the objects only, not on the order of a dictionary.
  @Test func fingerprintIsFNV1aOverAllObjectsInNameOrder() {
    var hash: UInt64 = 14_695_981_039_346_656_037
    for name in EmbeddedObjects.all.keys.sorted() {
      for byte in (EmbeddedObjects.all[name]?.description ?? "").utf8 {
        hash ^= UInt64(byte)
        hash &*= 1_099_511_628_211
      }
    }
    #expect(ProgramImages.fingerprint == hash)
    #expect(hash != 14_695_981_039_346_656_037)
  }
}
