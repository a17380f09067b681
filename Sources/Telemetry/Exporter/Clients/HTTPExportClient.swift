// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import NIOCore
import OTLP
import Transport

/// OTLP/HTTP, in protobuf or JSON.
public final class HTTPExportClient: ExportClient {
  /// Where the requests of a signal go.
  private struct Target {
    var endpoint: Endpoint
    var connection: ExportConnection
  }

  private let targets: [Signal: Target]
  private let connections: [ExportConnection]
  private let fields: HTTPFields
  private let encoding: MessageEncoding
  private let compression: ExportCompression
  private let clock: any ExporterClock

  /// Of an answer; more is a failure.
  private static let responseBytesMax = 4 << 20

  /// Connects with the first request.
  ///
  /// - Parameter clock: for dates in `Retry-After`, and for looking at the files of TLS again.
  /// - Throws: headers that cannot be sent, files of TLS that cannot be used.
  public init(
    _ settings: ConnectionSettings, group: any EventLoopGroup, clock: any ExporterClock = SystemClock()
  ) throws(TelemetryError) {
    encoding = settings.exportProtocol == .httpJSON ? .json : .protobuf
    compression = settings.compression
    self.clock = clock
    var connections: [Endpoint: ExportConnection] = [:]
    var targets: [Signal: Target] = [:]
    for signal in Signal.allCases {
      let endpoint = settings.endpoint(for: signal)
      var origin = endpoint
      origin.path = ""
      if connections[origin] == nil {
        connections[origin] = try ExportConnection(origin, .http1, settings.tls, group, clock)
      }
      targets[signal] = connections[origin].map { Target(endpoint: endpoint, connection: $0) }
    }
    self.connections = Array(connections.values)
    self.targets = targets
    var fields = try ExportConnection.fields(settings.headers)
    if fields[.userAgent] == nil { fields[.userAgent] = ExportConnection.userAgent }
    fields[.contentType] = encoding.contentType
    if compression == .gzip { fields[.contentEncoding] = "gzip" }
    self.fields = fields
  }

  public func export(_ request: EncodedRequest, timeout: Duration) async -> ExportResult {
    guard let target = targets[request.signal] else {
      return .permanent(ExportFailure("no_endpoint", "there is no endpoint for \(request.signal.rawValue)"))
    }
    let body: ByteBuffer
    do {
      body = try self.body(request)
    } catch {
      return .permanent(ExportFailure("encoding_failed", "\(error)"))
    }
    target.connection.refresh()
    do throws(TransportError) {
      let response = try await target.connection.http.send(
        head(target.endpoint, body.readableBytes), body: body, responseBytesMax: Self.responseBytesMax,
        timeout: timeout)
      return ExportResult(response, request.signal, unixSeconds: clock.unixSeconds)
    } catch {
      return ExportResult(error)
    }
  }

  private func body(_ request: EncodedRequest) throws -> ByteBuffer {
    let plain = encoding == .json ? try request.json() : request.protobuf
    return compression == .gzip ? try Gzip.compress(plain) : plain
  }

  private func head(_ endpoint: Endpoint, _ byteCount: Int) -> HTTPRequest {
    var fields = fields
    fields[.contentLength] = String(byteCount)
    return HTTPRequest(
      method: .post, scheme: endpoint.isTLS ? "https" : "http", authority: endpoint.authority, path: endpoint.path,
      headerFields: fields)
  }

  public func shutdown() async {
    for connection in connections { await connection.http.shutdown() }
  }
}
