// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Transport

/// What both clients make of their settings.
enum ExportConnection {
  /// As the OTLP exporter specification wants it.
  static let userAgent = "OTel-OTLP-Exporter-Swerve"

  /// - Throws: a name or a value that cannot be sent. Values may be secrets and are not named.
  static func fields(_ headers: [ConnectionSettings.Header]) throws(TelemetryError) -> HTTPFields {
    var fields = HTTPFields()
    for header in headers {
      guard let name = HTTPField.Name(header.name) else {
        throw TelemetryError("headers: `\(header.name)` cannot be the name of a header field; use letters, digits and `-`")
      }
      guard HTTPField.isValidValue(header.value) else {
        throw TelemetryError("headers: the value of `\(header.name)` has characters that a header field cannot have")
      }
      fields.append(HTTPField(name: name, value: header.value))
    }
    return fields
  }

  /// - Throws: what is wrong with the files of TLS.
  static func client(
    _ endpoint: Endpoint, _ version: HTTPClient.Configuration.Version, _ tls: ExporterTLS, _ group: any EventLoopGroup
  ) throws(TelemetryError) -> HTTPClient {
    var configuration = HTTPClient.Configuration(host: endpoint.host, port: endpoint.port, version: version)
    // With HTTP/1.1, requests under way have a connection each.
    configuration.connectionsMax = 64
    if endpoint.isTLS { configuration.tls = try context(tls) }
    return HTTPClient(configuration, group: group)
  }

  private static func context(_ tls: ExporterTLS) throws(TelemetryError) -> TLSClientContext {
    do throws(TransportError) {
      return try TLSClientContext(
        TLSClientConfiguration(
          authorityFile: tls.caFile, certificateFile: tls.certFile, keyFile: tls.keyFile,
          verifiesPeer: !tls.insecureSkipVerify))
    } catch {
      throw TelemetryError("tls: \(error.message)")
    }
  }
}
