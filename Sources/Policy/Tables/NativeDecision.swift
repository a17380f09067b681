// SPDX-License-Identifier: Apache-2.0

public import SwerveABI
public import SwerveCore

/// One service's tables in memory, decided on by the core compiled natively: the very decision the kernel takes.
public struct NativeDecision {
  private let cells: [swerve_cell]
  /// Indexed by endpoint id.
  public var states: [swerve_endpoint_state]

  public init(cells: [swerve_cell], states: [swerve_endpoint_state]) {
    self.cells = cells
    self.states = states
  }

  /// The vector with its answers filled in; all of them are defined for every input.
  public func replay(_ vector: swerve_vector) -> swerve_vector {
    var vector = vector
    cells.withUnsafeBufferPointer { cells in
      states.withUnsafeBufferPointer { states in
        // A selection reads the states only; who acts on it writes.
        var tables = swerve_tables(
          cells: cells.baseAddress, states: UnsafeMutablePointer(mutating: states.baseAddress),
          cell_count: UInt32(cells.count),
          state_count: UInt32(states.count))
        swerve_native_replay(&tables, &vector)
      }
    }
    return vector
  }
}
