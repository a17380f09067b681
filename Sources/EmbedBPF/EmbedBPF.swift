// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Build tool: compiles BPF sources with clang and writes them as one Swift file of string literals.
///
/// Arguments: the `bpf` directory, the Swift file to write, the toolchain's clang (may be empty).
@main
struct EmbedBPF {
  static func main() {
    let arguments = CommandLine.arguments
    guard arguments.count == 4 else {
      fail("usage: EmbedBPF BPF-DIRECTORY OUTPUT.swift TOOLCHAIN-CLANG")
    }
    do {
      let clang = try Clang.find(toolchain: arguments[3])
      let directory = URL(filePath: arguments[1])
      let sources = try FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        .filter { $0.lastPathComponent.hasSuffix(".bpf.c") }
        .sorted { $0.path < $1.path }
      var swift = "// Made by EmbedBPF from bpf/*.bpf.c.\n\nenum EmbeddedObjects {\n"
      swift += "  /// Every `bpf/NAME.bpf.c` by its NAME, compiled for the BPF target, in base 64.\n"
      swift += "  static let all: [String: StaticString] = [\n"
      for source in sources {
        let name = source.lastPathComponent.replacing(".bpf.c", with: "")
        let object = try clang.compile(source)
        swift += "    \"\(name)\": \"\(object.base64EncodedString())\",\n"
      }
      swift += "  ]\n}\n"
      try Data(swift.utf8).write(to: URL(filePath: arguments[2]), options: .atomic)
    } catch {
      fail("\(error)")
    }
  }

  static func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("error: \(message)\n".utf8))
    exit(1)
  }
}
