// SPDX-License-Identifier: Apache-2.0

/// Where an exporter sends to and how.
public struct ConnectionSettings: Hashable, Sendable {
  public var exportProtocol: ExportProtocol
  /// Over HTTP, signals have their paths below it.
  public var endpoint: Endpoint
  /// URLs of single signals, taken as they are: `traces_endpoint` and the like. Over HTTP only.
  public var signalEndpoints: [Signal: Endpoint] = [:]
  /// Header fields or metadata of every request, with names in lower case.
  public var headers: [Header] = []
  public var compression = ExportCompression.gzip
  public var tls = ExporterTLS()

  public struct Header: Hashable, Sendable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name.lowercased()
      self.value = value
    }
  }

  public init(_ exportProtocol: ExportProtocol, _ endpoint: Endpoint) {
    self.exportProtocol = exportProtocol
    self.endpoint = endpoint
  }

  /// Where requests of a signal go over HTTP.
  public func endpoint(for signal: Signal) -> Endpoint {
    guard var endpoint = signalEndpoints[signal] else { return endpoint.appending(signal) }
    if endpoint.path.isEmpty { endpoint.path = "/" }
    return endpoint
  }
}

/// What TLS needs besides the endpoint's `https`; files in PEM.
public struct ExporterTLS: Hashable, Sendable {
  /// Of those who may sign the far end's certificate; nil for the system's.
  public var caFile: String?
  public var certFile: String?
  public var keyFile: String?
  /// Takes any certificate.
  public var insecureSkipVerify = false

  public init() {}
}
