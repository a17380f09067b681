// SPDX-License-Identifier: Apache-2.0

/// Bounds of a scenario: more than anyone needs, and less than would fill the memory of the machine or run for ever.
enum ScenarioLimit {
  static let durationMax: UInt64 = 86_400_000_000_000
  static let clientsMax = 100_000
  static let endpointsMax = 100_000
  /// Nodes times endpoints: each node has a row for each endpoint.
  static let tableRowsMax = 4_000_000
  static let requestsPerSecondMax = 10_000_000.0
  static let groupsMax = 1_000
  static let phasesMax = 1_000
  static let eventsMax = 10_000
  static let expectationsMax = 1_000
  /// In all targets of a scenario together.
  static let indicesMax = 200_000
  static let pathsMax = 1_000
  static let policiesMax = 1_000
  static let selectorsMax = 64
  static let componentsMax = 64
  /// Shortest mean time between two things that repeat themselves without a request: a shorter one is all that a run
  /// would get to do.
  static let repetitionMin: UInt64 = 1_000_000
}
