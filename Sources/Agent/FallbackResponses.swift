// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The fixed responses that answer when no endpoint of a service may: a file for each below the state directory, which the
/// relay reads. They are whole HTTP/1.1 responses, written before the policy that names them is published.
struct FallbackResponses {
  private let directory: String

  init(stateDirectory: String) {
    directory = FallbackResponses.directory(in: stateDirectory)
  }

  static func directory(in stateDirectory: String) -> String { "\(stateDirectory)/responses" }

  /// A reader sees the old response or the new one.
  func write(_ response: [UInt8], service: UInt32) throws {
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    try Data(response).write(to: URL(filePath: path(service)), options: .atomic)
  }

  /// A response that is not there any more, or never was, is none.
  func remove(service: UInt32) {
    unlink(path(service))
  }

  private func path(_ service: UInt32) -> String { "\(directory)/\(service)" }
}
