// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Telemetry
import Transport
import UnixSignals

/// Certificates of a listener.
struct ServerTLSOptions: ParsableArguments {
  @Option(help: "Certificate of this end, PEM; with it TLS is spoken.", completion: .file())
  var cert: String?

  @Option(help: "Key of the certificate, PEM.", completion: .file())
  var key: String?

  @Option(help: "Authorities of client certificates, PEM; with them every client has to show one.", completion: .file())
  var clientCa: String?

  func applied(to settings: OTLPServerSettings) throws -> OTLPServerSettings {
    guard let cert, let key else {
      if cert != nil || key != nil || clientCa != nil { throw ValidationError("--cert and --key belong together") }
      return settings
    }
    var tls = TLSServerConfiguration(certificateFile: cert, keyFile: key)
    tls.clientAuthorityFile = clientCa
    tls.clientCertificates = clientCa == nil ? .ignored : .required
    var settings = settings
    settings.tls = tls
    return settings
  }
}

/// Standard output, a whole line at a time: several threads write, and a reader may be waiting.
enum OutputLine {
  static func write(_ text: String) {
    var bytes = Array(text.utf8)
    bytes.append(UInt8(ascii: "\n"))
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(STDOUT_FILENO, $0.baseAddress.map { $0 + written }, $0.count - written)
      }
      if count < 0 && errno == EINTR { continue }
      // Nobody reads any more.
      if count <= 0 { return }
      written += count
    }
  }
}

enum Interrupt {
  /// Until SIGINT or SIGTERM, or until the task is cancelled.
  static func wait() async {
    for await _ in await UnixSignalsSequence(trapping: [.sigint, .sigterm]) { return }
  }
}
