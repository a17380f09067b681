// SPDX-License-Identifier: Apache-2.0

import SwerveABI

/// Warnings about values that are written and do nothing. Few, and only where that is certain.
struct PolicyAdvice {
  private let policy: EffectivePolicy
  private(set) var diagnostics: [Diagnostic] = []

  init(_ policy: EffectivePolicy) {
    self.policy = policy
    adviseOnLimits()
    adviseOnOutlierDetection()
    adviseOnRequests()
  }

  /// A warning where `setting` is written; nothing where it has its default.
  private mutating func warn(_ setting: Setting, _ message: String) {
    guard let origin = policy.origins[setting], origin.isNamed else { return }
    diagnostics.append(origin.diagnostic(.warning, message))
  }

  private mutating func adviseOnLimits() {
    let settings = policy.settings
    if settings.maxConnections > SWERVE_CONNECTIONS_MAX {
      warn(.maxConnections, "never reached: a node tracks at most \(SWERVE_CONNECTIONS_MAX) connections")
    }
    // Istio's default, which people write down to say "no limit".
    for setting in [Setting.maxRequests, .maxPendingRequests, .maxRetries] {
      guard let path = setting.numberPath, settings[keyPath: path] >= UInt32(Int32.max) else { continue }
      warn(setting, "is no limit; leave it out for the default, \(TrafficSettings()[keyPath: path])")
    }
    if settings.maxPendingRequests > settings.maxRequests, settings.maxPendingRequests < UInt32(Int32.max) {
      warn(
        .maxPendingRequests,
        "never reached: at most \(settings.maxRequests) requests are under way (`http2MaxRequests`)")
    }
  }

  private mutating func adviseOnOutlierDetection() {
    let detection = policy.settings.outlierDetection
    let gateway = detection.consecutiveGatewayErrors
    if gateway > 0, detection.consecutive5xxErrors > 0, gateway >= detection.consecutive5xxErrors {
      warn(
        .consecutiveGatewayErrors,
        "never reached: `consecutive5xxErrors` counts gateway errors, too, and is \(detection.consecutive5xxErrors)")
    }
    if !detection.splitExternalLocalOriginErrors {
      warn(.consecutiveLocalOriginFailures, "without effect unless `splitExternalLocalOriginErrors` is true")
    }
    if let locality = policy.locality, locality.isFailover, policy.origins[.outlierDetection] == nil {
      warn(.locality, "without `outlierDetection` a zone fails over only when it cannot be connected to")
    }
  }

  private mutating func adviseOnRequests() {
    let request = policy.settings.request
    if request.timeoutMilliseconds > 0, request.perTryTimeoutMilliseconds >= request.timeoutMilliseconds {
      warn(.perTryTimeout, "never reached: the whole request has \(request.timeoutMilliseconds)ms")
    }
    if request.retryBudget != nil { warn(.maxRetries, "without effect: `retryBudget` takes its place") }
    if request.retryAttempts == 0 {
      warn(.retryNonIdempotent, "without effect: nothing is retried without `retries` of a VirtualService")
    }
  }

  /// What depends on the endpoints and on where the node is.
  static func onEndpoints(_ policy: EffectivePolicy, _ endpoints: [Endpoint], node: NodeContext) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    let percent = Int(policy.settings.outlierDetection.maxEjectionPercent)
    let count = endpoints.count { $0.weight > 0 }
    if count > 0, percent * count < 100, let origin = policy.origins[.maxEjectionPercent], origin.isNamed {
      diagnostics.append(
        origin.diagnostic(
          .warning, "\(percent) % of \(count) endpoints is less than one; one may be ejected all the same"))
    }
    if node.isLive, node.zone == nil, policy.locality?.isEnabled == true,
      policy.locality?.distribution(from: nil) == nil,
      let origin = policy.origins[.locality], origin.isNamed
    {
      diagnostics.append(
        origin.diagnostic(.warning, "without effect: the zone of this node is not known; give it with --zone"))
    }
    return diagnostics
  }

  /// What concerns requests, of ports in connection mode: what is given for such a port alone, or for a Service that has
  /// no other ports.
  static func onConnectionMode(_ policies: [(port: ServiceObject.Port, policy: EffectivePolicy)], key: ObjectKey)
    -> [Diagnostic]
  {
    let isMixed = policies.contains(where: \.port.isPerRequest)
    var diagnostics: [Diagnostic] = []
    var seen: Set<String> = []
    for (port, policy) in policies where !port.isPerRequest {
      for setting in Setting.allCases where setting.isOfRequests {
        guard let origin = policy.origins[setting], origin.isNamed, origin.isOfPort || !isMixed else { continue }
        let advice =
          "port \(port.number) of Service \(key) is in connection mode; `appProtocol: http` is request mode"
        if setting == .fallback {
          diagnostics.append(origin.diagnostic(.error, "no fallback without requests: \(advice)"))
        } else if seen.insert(origin.path).inserted {
          diagnostics.append(origin.diagnostic(.warning, "without effect: \(advice)"))
        }
      }
    }
    return diagnostics
  }
}
