// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization
import Transport

/// Tokens in a file, one on a line, as the Kubernetes API server reads them (`--token-auth-file`):
/// `TOKEN,USER,UID[,"GROUP,GROUP"]`. The user is the tenant. Empty lines and those that begin with `#` are skipped.
public final class StaticTokenFile: TokenReviewer {
  private struct Content {
    var owners: [String: Identity] = [:]
    var stamp: FileStamp?
  }

  public let path: String
  private let content = Mutex(Content())

  /// - Throws: when the file cannot be read or a line of it cannot be used; the message has path and line.
  public init(path: String) throws(TelemetryError) {
    self.path = path
    _ = try reloadIfChanged()
  }

  /// Reads the file again when it is another one. A file that cannot be used leaves the tokens as they are.
  ///
  /// - Returns: whether it was read.
  public func reloadIfChanged() throws(TelemetryError) -> Bool {
    let stamp = FileStamp(path)
    if stamp != nil, stamp == content.withLock({ $0.stamp }) { return false }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TelemetryError("\(path): the token file cannot be read; it has one TOKEN,USER,UID on a line")
    }
    let owners = try Self.read(String(decoding: data, as: UTF8.self), path)
    content.withLock { $0 = Content(owners: owners, stamp: stamp) }
    return true
  }

  /// Takes the same time for every unknown token: a hash table tells nothing about how much of a token was right.
  public func review(_ token: String) -> TokenReview {
    content.withLock { $0.owners[token] }.map { .known($0) } ?? .unknown
  }

  private static func read(_ text: String, _ path: String) throws(TelemetryError) -> [String: Identity] {
    var owners: [String: Identity] = [:]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.trimmed
      if line.isEmpty || line.hasPrefix("#") { continue }
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
      guard fields.count >= 3, !fields[0].isEmpty, !fields[1].isEmpty else {
        throw TelemetryError("\(path):\(index + 1): expected TOKEN,USER,UID")
      }
      guard owners.updateValue(Identity(name: fields[1], tenant: fields[1]), forKey: fields[0]) == nil else {
        throw TelemetryError("\(path):\(index + 1): the token of user \(fields[1]) is there twice")
      }
    }
    return owners
  }
}

extension Substring {
  fileprivate var trimmed: String { String(self).trimmingCharacters(in: .whitespaces) }
}
