// SPDX-License-Identifier: Apache-2.0

/// What a service's traffic may do, and when an endpoint is taken out of rotation: plain values, in force as they are.
///
/// Names and defaults follow Istio's DestinationRule and VirtualService, and Envoy's where Istio has none; docs/POLICIES.md
/// has the table. Durations are whole milliseconds.
public struct TrafficSettings: Hashable, Codable, Sendable {
  /// connectionPool.tcp
  public var maxConnections: UInt32 = .max
  public var connectTimeoutMilliseconds: UInt32 = 10_000
  /// Of a connection in connection mode; 0: any.
  public var maxConnectionDurationMilliseconds: UInt32 = 0
  /// Of a connection in connection mode without a byte either way; 0: none.
  public var tcpIdleTimeoutMilliseconds: UInt32 = 0
  /// connectionPool.http: requests of the service under way on this node.
  public var maxRequests: UInt32 = 1024
  /// Requests that wait for a connection.
  public var maxPendingRequests: UInt32 = 1024
  /// 0: no limit.
  public var maxRequestsPerConnection: UInt32 = 0
  /// How long a pooled connection may be idle.
  public var idleTimeoutMilliseconds: UInt32 = 3_600_000
  public var outlierDetection = OutlierDetection()
  public var warmup: Warmup?
  public var request = RequestPolicy()
  /// What answers when no endpoint may take a request.
  public var fallback: Fallback?

  public init() {}

  /// Whether a connection of connection mode may be open for a limited time only.
  public var limitsLifetimes: Bool { maxConnectionDurationMilliseconds > 0 || tcpIdleTimeoutMilliseconds > 0 }

  /// When an endpoint is ejected and when it comes back (Envoy's outlier detection). A threshold of 0 is off.
  public struct OutlierDetection: Hashable, Codable, Sendable {
    public var consecutive5xxErrors: UInt32 = 0
    public var consecutiveGatewayErrors: UInt32 = 0
    public var consecutiveLocalOriginFailures: UInt32 = 3
    /// Off: what fails before a response counts as a 5xx, too.
    public var splitExternalLocalOriginErrors = true
    public var intervalMilliseconds: UInt32 = 10_000
    public var baseEjectionTimeMilliseconds: UInt32 = 1_000
    public var maxEjectionTimeMilliseconds: UInt32 = 32_000
    public var maxEjectionPercent: UInt32 = 100
    /// Ejection is ignored while fewer than so many percent of the endpoints are healthy; 0: never.
    public var healthyPanicThresholdPercent: UInt32 = 1
    public var successRate: SuccessRate?
    public var failurePercentage: FailurePercentage?

    /// What is in force without an `outlierDetection`: an endpoint that cannot be connected to is avoided for a moment.
    public init() {}
  }

  /// Ejects endpoints whose success rate is that far below the others'.
  public struct SuccessRate: Hashable, Codable, Sendable {
    public var minimumHosts: UInt32 = 5
    public var requestVolume: UInt32 = 100
    /// In thousandths of a standard deviation.
    public var stdevFactor: UInt32 = 1900

    public init() {}
  }

  public struct FailurePercentage: Hashable, Codable, Sendable {
    public var thresholdPercent: UInt32 = 85
    public var minimumHosts: UInt32 = 5
    public var requestVolume: UInt32 = 50

    public init() {}
  }

  /// Slow start: the share of an endpoint that is new, or back, grows from the minimum to the whole.
  public struct Warmup: Hashable, Codable, Sendable {
    public var durationMilliseconds: UInt32
    public var minimumPercent: UInt32 = 10
    /// The share grows with time to the power of 1/aggression.
    public var aggression: Double = 1

    public init(durationMilliseconds: UInt32) {
      self.durationMilliseconds = durationMilliseconds
    }
  }

  /// Of requests of request mode.
  public struct RequestPolicy: Hashable, Codable, Sendable {
    /// From the head of the request to the end of the response; 0: no limit.
    public var timeoutMilliseconds: UInt32 = 0
    /// The same for one attempt.
    public var perTryTimeoutMilliseconds: UInt32 = 0
    /// Attempts after the first one.
    public var retryAttempts: UInt32 = 0
    public var retryOn: RetryConditions = []
    /// Attempts go to endpoints that were not tried yet, if there are any.
    public var retryIgnorePreviousHosts = true
    /// Shortest pause before the second attempt after the first retry; doubled, with jitter.
    public var retryBackoffMilliseconds: UInt32 = 25
    /// Retries of the service under way on this node.
    public var maxRetries: UInt32 = 3
    /// Replaces `maxRetries` by a share of the requests under way.
    public var retryBudget: RetryBudget?

    public init() {}
  }

  public struct RetryBudget: Hashable, Codable, Sendable {
    public var budgetPercent: UInt32 = 20
    public var minRetryConcurrency: UInt32 = 3

    public init() {}
  }

  /// What is tried again: Envoy's `retry_on`, the part that concerns HTTP/1.1.
  public struct RetryConditions: OptionSet, Hashable, Codable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `5xx`: any 5xx, or no response.
    public static let serverError = RetryConditions(rawValue: 1)
    /// `gateway-error`: 502, 503 or 504.
    public static let gatewayError = RetryConditions(rawValue: 2)
    /// `connect-failure`
    public static let connectFailure = RetryConditions(rawValue: 4)
    /// `reset`: no response at all.
    public static let reset = RetryConditions(rawValue: 8)
    /// `retriable-4xx`: 409.
    public static let retriable4xx = RetryConditions(rawValue: 16)
    /// `refused-stream` has no meaning in HTTP/1.1; accepted, and never true.
    public static let refusedStream = RetryConditions(rawValue: 32)
    /// Swerve's own `retryNonIdempotent`: also methods that change something.
    public static let nonIdempotent = RetryConditions(rawValue: 64)
  }

  public enum Fallback: Hashable, Codable, Sendable {
    /// Name of a service as the kernel knows it, namespace/name:port.
    case service(String)
    /// A whole HTTP/1.1 response, head and body.
    case response([UInt8])
  }
}
