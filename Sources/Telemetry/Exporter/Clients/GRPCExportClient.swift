// SPDX-License-Identifier: Apache-2.0

public import NIOCore
import Transport

/// OTLP/gRPC.
public final class GRPCExportClient: ExportClient {
  private let connection: ExportConnection
  private let grpc: GRPCClient
  private let metadata: GRPCMetadata
  private let compression: GRPCEncoding

  /// Connects with the first request.
  ///
  /// - Parameter clock: for looking at the files of TLS again.
  /// - Throws: headers that cannot be sent, files of TLS that cannot be used.
  public init(
    _ settings: ConnectionSettings, group: any EventLoopGroup, clock: any ExporterClock = SystemClock()
  ) throws(TelemetryError) {
    let endpoint = settings.endpoint
    connection = try ExportConnection(endpoint, .http2, settings.tls, group, clock)
    var configuration = GRPCClient.Configuration(authority: endpoint.authority)
    configuration.userAgent = ExportConnection.userAgent
    grpc = GRPCClient(over: connection.http, configuration)
    metadata = GRPCMetadata(try ExportConnection.fields(settings.headers))
    compression = settings.compression == .gzip ? .gzip : .identity
  }

  public func export(_ request: EncodedRequest, timeout: Duration) async -> ExportResult {
    connection.refresh()
    do throws(GRPCStatus) {
      let response = try await grpc.unary(
        request.signal.exportMethod, request.protobuf, metadata: metadata, timeout: timeout, compression: compression)
      return .success(PartialSuccess.read(request.signal, response.message, as: .protobuf))
    } catch {
      return ExportResult(error)
    }
  }

  public func shutdown() async {
    await connection.http.shutdown()
  }
}

extension ExportResult {
  init(_ status: GRPCStatus) {
    let failure = ExportFailure(status.code.description, status.description)
    let isRetryable = RetryableStatus.isRetryable(
      grpc: status.code.rawValue, hasRetryInfo: status.retryDelay != nil)
    self = isRetryable ? .retryable(failure, after: status.retryDelay) : .permanent(failure)
  }
}
