// SPDX-License-Identifier: Apache-2.0

public import Policy

/// A policy file that is not in force as written.
public struct RejectedFile: Hashable, Codable, Sendable {
  /// Relative to the policy directory; the directory itself when that is what cannot be read.
  public let path: String
  /// Why; at least one error.
  public let diagnostics: [Diagnostic]
  /// Whether an earlier version of the file is in force instead.
  public let hasLastGood: Bool

  public init(path: String, diagnostics: [Diagnostic], hasLastGood: Bool) {
    self.path = path
    self.diagnostics = diagnostics
    self.hasLastGood = hasLastGood
  }
}

/// What changed in a policy directory, and how all of it stands now.
public struct DirectoryUpdate: Sendable {
  /// Since the update before; the first update has all services.
  public var change: PolicyChange
  /// Every file that is rejected now, sorted by path.
  public var rejected: [RejectedFile]
  /// False while a file is rejected that has no last good version: what it describes is unknown, so that services found
  /// in the kernel but not in the policy have to stay.
  public var complete: Bool
  /// Files in force.
  public var fileCount: Int
  /// Warnings of all files in force, and what contradicts between them.
  public var warnings: [Diagnostic]

  public init(
    change: PolicyChange, rejected: [RejectedFile], complete: Bool, fileCount: Int, warnings: [Diagnostic]
  ) {
    self.change = change
    self.rejected = rejected
    self.complete = complete
    self.fileCount = fileCount
    self.warnings = warnings
  }

  /// This update followed by `newer`, as one: the changes add up, the rest is as it stands now.
  func merged(with newer: DirectoryUpdate) -> DirectoryUpdate {
    var merged = newer
    merged.change = change.merged(with: newer.change)
    return merged
  }
}
