// SPDX-License-Identifier: Apache-2.0

/// `TYPE` or `TYPE/NAME`: how the Collector names a receiver, processor, exporter, connector or extension.
public struct ComponentID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var type: String
  /// Empty without one.
  public var name: String

  public init(_ type: String, _ name: String = "") {
    self.type = type
    self.name = name
  }

  /// Nil when a part is missing.
  public init?(parsing text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.contains(where: \.isEmpty) || parts.isEmpty { return nil }
    self.init(String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
  }

  public var description: String { name.isEmpty ? type : "\(type)/\(name)" }

  public static func < (left: Self, right: Self) -> Bool { left.description < right.description }
}
