// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// The few file operations that peers, cgroups and policies need.
public enum Files {
  /// The whole text of a file, also of those below /proc and /sys that report no size.
  public static func read(_ path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemCallError("open", on: path, code: errno) }
    defer { close(descriptor) }
    return try readAll(descriptor, name: path)
  }

  /// Everything from the start of an open file, without moving its offset.
  static func readAll(_ descriptor: Int32, name: String) throws -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let size = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
      guard size >= 0 else { throw SystemCallError("read", on: name, code: errno) }
      if size == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(contentsOf: chunk[..<size])
    }
  }

  /// Writes into a file that exists, in one call, as the kernel's control files want it.
  static func writeControl(_ path: String, _ text: String) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemCallError("open", on: path, code: errno) }
    defer { close(descriptor) }
    guard Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count else {
      throw SystemCallError("write", on: path, code: errno)
    }
  }

  /// Replaces a file so that a reader sees the old text or the new one, never half: written aside, then renamed.
  public static func replace(_ path: String, with text: String) throws {
    let aside = try writeAside(path, text)
    try rename(aside, to: path)
  }

  /// The first half of ``replace(_:with:)``: the new text in a hidden file next to `path`, whose path is returned.
  public static func writeAside(_ path: String, _ text: String) throws -> String {
    let url = URL(filePath: path)
    let aside = url.deletingLastPathComponent().appending(path: ".\(url.lastPathComponent).new").path
    try Data(text.utf8).write(to: URL(filePath: aside))
    return aside
  }

  /// The second half of ``replace(_:with:)``.
  public static func rename(_ source: String, to destination: String) throws {
    guard Glibc.rename(source, destination) == 0 else {
      throw SystemCallError("rename", on: destination, code: errno)
    }
  }

  /// Removes a file or a directory with all it holds; one that is not there is fine.
  public static func removeTree(_ path: String) {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Creates a directory and those above it.
  public static func createDirectory(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  /// Paths of everything below a directory; empty when it cannot be read.
  static func tree(_ path: String) -> [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: path).map { "\(path)/\($0)" }) ?? []
  }
}
