// SPDX-License-Identifier: Apache-2.0

/// A response of the relay itself. Each names its reason in `x-swerve-reason`.
enum LocalAnswer {
  case malformedRequest
  case noEndpoint
  /// Every endpoint is ejected.
  case noHealthy
  /// As many requests of the service are under way as may.
  case maxRequests
  /// The service has as many connections as it may, and none of use.
  case maxConnections
  /// As many requests of the service wait for a connection as may.
  case pending
  case connectFailure
  /// The endpoint reset the connection before its response.
  case upstreamReset
  /// The endpoint closed the connection before its response.
  case connectionTermination
  case malformedResponse
  case requestTimeout

  private var status: String {
    switch self {
    case .malformedRequest: "400 Bad Request"
    case .noEndpoint, .noHealthy, .maxRequests, .maxConnections, .pending, .connectFailure: "503 Service Unavailable"
    case .upstreamReset, .connectionTermination, .malformedResponse: "502 Bad Gateway"
    case .requestTimeout: "504 Gateway Timeout"
    }
  }

  var reason: String {
    switch self {
    case .malformedRequest: "malformed_request"
    case .noEndpoint: "no_endpoint"
    case .noHealthy: "no_healthy"
    case .maxRequests: "max_requests"
    case .maxConnections: "max_connections"
    case .pending: "pending"
    case .connectFailure: "connect_failure"
    case .upstreamReset: "upstream_reset"
    case .connectionTermination: "connection_termination"
    case .malformedResponse: "malformed_response"
    case .requestTimeout: "request_timeout"
    }
  }

  /// Whether the same request may succeed a moment later.
  private var invitesRetry: Bool {
    switch self {
    case .noEndpoint, .noHealthy, .maxRequests, .maxConnections, .pending, .connectFailure: true
    case .malformedRequest, .upstreamReset, .connectionTermination, .malformedResponse, .requestTimeout: false
    }
  }

  /// Whether the endpoint is to be blamed for it.
  var isEndpointsFault: Bool {
    if case .malformedRequest = self { false } else { true }
  }

  /// Whether nothing that follows on the client's connection can be trusted.
  var endsClient: Bool {
    if case .malformedRequest = self { true } else { false }
  }

  /// The whole response. One to HEAD has no body; `closes` announces that the connection ends with it.
  func message(toHead: Bool, closes: Bool) -> [UInt8] {
    let body = reason + "\n"
    var text = "HTTP/1.1 \(status)\r\nserver: swerve\r\nx-swerve-reason: \(reason)\r\n"
    text += "content-type: text/plain\r\ncontent-length: \(body.utf8.count)\r\n"
    if invitesRetry { text += "retry-after: 1\r\n" }
    if closes { text += "connection: close\r\n" }
    text += "\r\n"
    if !toHead { text += body }
    return Array(text.utf8)
  }
}
