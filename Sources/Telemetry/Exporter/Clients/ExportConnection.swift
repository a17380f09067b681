// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization
import Transport

/// The connections to one far end, for both clients.
final class ExportConnection: Sendable {
  let http: HTTPClient
  private let tls: TLSClientContext?
  private let clock: any ExporterClock
  private let lookedAt: Mutex<Duration>

  /// How often the files of TLS are looked at.
  private static let reloadInterval = Duration.seconds(10)

  /// - Throws: what is wrong with the files of TLS.
  init(
    _ endpoint: Endpoint, _ version: HTTPClient.Configuration.Version, _ tls: ExporterTLS,
    _ group: any EventLoopGroup, _ clock: any ExporterClock
  ) throws(TelemetryError) {
    var configuration = HTTPClient.Configuration(host: endpoint.host, port: endpoint.port, version: version)
    // With HTTP/1.1, requests under way have a connection each.
    configuration.connectionsMax = 64
    self.tls = endpoint.isTLS ? try Self.context(tls) : nil
    configuration.tls = self.tls
    http = HTTPClient(configuration, group: group)
    self.clock = clock
    lookedAt = Mutex(clock.now)
  }

  /// Certificates that were replaced hold for new connections. While files cannot be used, the old ones stay.
  func refresh() {
    guard let tls else { return }
    let now = clock.now
    let isDue = lookedAt.withLock { last in
      guard now - last >= Self.reloadInterval else { return false }
      last = now
      return true
    }
    if isDue { _ = try? tls.reloadIfChanged() }
  }
}

extension ExportConnection {
  /// As the OTLP exporter specification wants it.
  static let userAgent = "OTel-OTLP-Exporter-Swerve"

  /// - Throws: a name or a value that cannot be sent. Values may be secrets and are not named.
  static func fields(_ headers: [ConnectionSettings.Header]) throws(TelemetryError) -> HTTPFields {
    var fields = HTTPFields()
    for header in headers {
      guard let name = HTTPField.Name(header.name) else {
        throw TelemetryError(
          "headers: `\(header.name)` cannot be the name of a header field; use letters, digits and `-`")
      }
      guard HTTPField.isValidValue(header.value) else {
        throw TelemetryError("headers: the value of `\(header.name)` has characters that a header field cannot have")
      }
      fields.append(HTTPField(name: name, value: header.value))
    }
    return fields
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
