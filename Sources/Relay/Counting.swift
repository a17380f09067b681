// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// The counters of a service.
extension RequestRecords {
  /// Counts a request that went this way.
  func count(_ path: swerve_path, service: UInt32) {
    guard let state = self.service(service) else { return }
    withUnsafeMutablePointer(to: &state.pointee.paths) {
      $0.withMemoryRebound(to: UInt64.self, capacity: Int(SWERVE_PATH_COUNT.rawValue)) {
        _ = swerve_native_add64($0 + Int(path.rawValue), 1)
      }
    }
  }

  /// Counts a decision that came to this.
  func count(_ reason: swerve_reason, service: UInt32) {
    guard let state = self.service(service), reason.rawValue < SWERVE_REASON_COUNT.rawValue else { return }
    withUnsafeMutablePointer(to: &state.pointee.reasons) {
      $0.withMemoryRebound(to: UInt64.self, capacity: Int(SWERVE_REASON_COUNT.rawValue)) {
        _ = swerve_native_add64($0 + Int(reason.rawValue), 1)
      }
    }
  }
}

extension swerve_service_state {
  /// How many requests went this way.
  func count(of path: swerve_path) -> UInt64 {
    withUnsafeBytes(of: paths) {
      $0.loadUnaligned(fromByteOffset: Int(path.rawValue) * MemoryLayout<UInt64>.size, as: UInt64.self)
    }
  }

  /// How many decisions came to this.
  func count(of reason: swerve_reason) -> UInt64 {
    withUnsafeBytes(of: reasons) {
      $0.loadUnaligned(fromByteOffset: Int(reason.rawValue) * MemoryLayout<UInt64>.size, as: UInt64.self)
    }
  }
}
