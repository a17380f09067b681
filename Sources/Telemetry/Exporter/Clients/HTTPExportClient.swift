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
    var client: HTTPClient
  }

  private let targets: [Signal: Target]
  private let clients: [HTTPClient]
  private let fields: HTTPFields
  private let encoding: MessageEncoding
  private let compression: ExportCompression
  private let clock: any ExporterClock

  /// Of an answer; more is a failure.
  private static let responseBytesMax = 4 << 20

  /// Connects with the first request.
  ///
  /// - Parameter clock: for dates in `Retry-After`.
  /// - Throws: headers that cannot be sent, files of TLS that cannot be used.
  public init(
    _ settings: ConnectionSettings, group: any EventLoopGroup, clock: any ExporterClock = SystemClock()
  ) throws(TelemetryError) {
    encoding = settings.exportProtocol == .httpJSON ? .json : .protobuf
    compression = settings.compression
    self.clock = clock
    var clients: [Endpoint: HTTPClient] = [:]
    var targets: [Signal: Target] = [:]
    for signal in Signal.allCases {
      let endpoint = settings.endpoint(for: signal)
      var origin = endpoint
      origin.path = ""
      if let client = clients[origin] {
        targets[signal] = Target(endpoint: endpoint, client: client)
        continue
      }
      let client = try ExportConnection.client(origin, .http1, settings.tls, group)
      clients[origin] = client
      targets[signal] = Target(endpoint: endpoint, client: client)
    }
    self.clients = Array(clients.values)
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
    do throws(TransportError) {
      let response = try await target.client.send(
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
    for client in clients { await client.shutdown() }
  }
}
