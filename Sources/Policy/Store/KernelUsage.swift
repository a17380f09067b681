// SPDX-License-Identifier: Apache-2.0

import SwerveABI

/// How much of the kernel's maps the services in force take up.
struct KernelUsage: Sendable {
  private(set) var services = 0
  private(set) var frontends = 0
  private(set) var endpoints = 0

  mutating func add(_ service: Service) {
    services += 1
    frontends += service.frontends.count
    endpoints += service.endpoints.count
  }

  mutating func remove(_ service: Service) {
    services -= 1
    frontends -= service.frontends.count
    endpoints -= service.endpoints.count
  }

  /// Why there is no room for one more; nil when there is.
  func reasonAgainst(_ service: Service) -> String? {
    if services + 1 > SWERVE_SERVICES_MAX {
      return "a node holds at most \(SWERVE_SERVICES_MAX) services"
    }
    if frontends + service.frontends.count > SWERVE_FRONTENDS_MAX {
      return "a node holds at most \(SWERVE_FRONTENDS_MAX) frontends"
    }
    if endpoints + service.endpoints.count > SWERVE_ENDPOINTS_MAX {
      return "a node holds at most \(SWERVE_ENDPOINTS_MAX) endpoints"
    }
    return nil
  }
}
