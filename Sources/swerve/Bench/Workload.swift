// SPDX-License-Identifier: Apache-2.0

/// What clients ask for in one run of request mode.
struct Workload: Sendable, Equatable {
  /// ``Sample/smallestBytes``, or the size of a file.
  let bytes: Int
  let connections: Int

  /// The one that most bars are about, and the one that shows what breakers cost.
  static let small = Workload(bytes: Sample.smallestBytes, connections: 32)

  static let files = [8 << 10, 1 << 20]

  /// The path to ask for.
  var path: String { bytes == Sample.smallestBytes ? "/" : "/\(bytes)" }

  /// The workloads of a place; the quick ones are those that most bars are about.
  static func all(_ place: Measure, isQuick: Bool) -> [Workload] {
    let large = Workload(bytes: 1 << 20, connections: 8)
    if isQuick { return place == .sameNode ? [small, large] : [small] }
    let others = [1, 256].map { Workload(bytes: Sample.smallestBytes, connections: $0) }
    return [others[0], small, others[1], Workload(bytes: 8 << 10, connections: 32), large]
  }
}
