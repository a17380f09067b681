// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A clang that can compile for the BPF target.
struct Clang {
  let path: String

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The first clang with a BPF target: `$SWERVE_CLANG`, the toolchain's, then every `clang` and `clang-N` on `PATH`.
  static func find(toolchain: String) throws -> Clang {
    let environment = ProcessInfo.processInfo.environment
    if let chosen = environment["SWERVE_CLANG"], !chosen.isEmpty {
      guard hasBPFTarget(chosen) else {
        throw Failure(description: "SWERVE_CLANG=\(chosen) cannot compile for the BPF target; name a clang that can")
      }
      return Clang(path: chosen)
    }
    let names = ["clang"] + (14...30).reversed().map { "clang-\($0)" }
    let directories = (environment["PATH"] ?? "").split(separator: ":")
    let onPath = directories.flatMap { directory in names.map { "\(directory)/\($0)" } }
    for candidate in [toolchain] + onPath where !candidate.isEmpty && hasBPFTarget(candidate) {
      return Clang(path: candidate)
    }
    throw Failure(
      description: """
        no clang with a BPF target was found in the Swift toolchain or on PATH. \
        Install one (apt-get install clang-16, or any clang from 14 on) or name it in SWERVE_CLANG
        """)
  }

  /// The object file of `source`, with BTF and without the debug information that only a debugger needs.
  func compile(_ source: URL) throws -> Data {
    let object = FileManager.default.temporaryDirectory.appending(path: "swerve-\(UUID().uuidString).o")
    defer { try? FileManager.default.removeItem(at: object) }
    let result = try Self.run(
      path,
      [
        "-target", "bpf", "-mcpu=v3", "-O2", "-g", "-Wall", "-Wextra", "-Werror",
        "-fdebug-compilation-dir=.", "-I\(Self.multiarchHeaders)",
        "-c", source.path, "-o", object.path,
      ])
    guard result.status == 0 else {
      throw Failure(description: "\(source.lastPathComponent) does not compile:\n\(result.output)")
    }
    return try Data(contentsOf: object)
  }

  /// Where Debian keeps `asm/types.h`, which the BPF target does not search by itself.
  private static var multiarchHeaders: String {
    #if arch(arm64)
      "/usr/include/aarch64-linux-gnu"
    #else
      "/usr/include/x86_64-linux-gnu"
    #endif
  }

  private static func hasBPFTarget(_ path: String) -> Bool {
    guard FileManager.default.isExecutableFile(atPath: path),
      let result = try? run(path, ["-print-targets"])
    else { return false }
    return result.output.contains("bpfel")
  }

  private static func run(_ path: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
