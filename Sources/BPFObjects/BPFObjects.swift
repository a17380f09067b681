// SPDX-License-Identifier: Apache-2.0

import Foundation
import PackagePlugin

/// Compiles `bpf/*.bpf.c` for the kernel and embeds the objects in the target, so that the product is one file.
///
/// The clang used is the first that has a BPF target: `$SWERVE_CLANG`, the toolchain's, the ones on `PATH`. Finding it
/// is left to the tool, which runs at build time and can say what to install when there is none.
@main
struct BPFObjects: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let directory = context.package.directoryURL.appending(path: "bpf")
    let sources = try files(below: directory).filter { $0.pathExtension == "c" || $0.pathExtension == "h" }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedObjects.swift")
    let toolchain = try? context.tool(named: "clang").url
    return [
      .buildCommand(
        displayName: "Compiling BPF objects",
        executable: try context.tool(named: "EmbedBPF").url,
        arguments: [directory.path, output.path, toolchain?.path ?? ""],
        inputFiles: sources,
        outputFiles: [output])
    ]
  }

  private func files(below directory: URL) throws -> [URL] {
    guard let enumerator = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil) else {
      throw CocoaError(.fileReadNoSuchFile)
    }
    return enumerator.compactMap { $0 as? URL }.sorted { $0.path < $1.path }
  }
}
