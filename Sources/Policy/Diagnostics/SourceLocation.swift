// SPDX-License-Identifier: Apache-2.0

/// Where in a policy file something was written.
///
/// Lines and columns count from 1; a column counts Unicode scalars, as editors do.
public struct SourceLocation: Hashable, Codable, Sendable {
  /// The file as the caller named it, usually relative to the policy directory.
  public var file: String
  public var line: Int
  public var column: Int

  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }
}

extension SourceLocation: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}

extension SourceLocation: CustomStringConvertible {
  /// The form that editors and compilers agree on: `web.yaml:12:7`.
  public var description: String { "\(file):\(line):\(column)" }
}

/// A line and a column without the file, half the size: every parsed object carries several.
package struct Position: Hashable, Comparable, Sendable {
  package var line: UInt32
  package var column: UInt32

  package static let start = Position(line: 1, column: 1)

  package func location(in file: String) -> SourceLocation {
    SourceLocation(file: file, line: Int(line), column: Int(column))
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}
