// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// What a client's connections share: whom it trusts, and its own certificate.
public final class TLSClientContext: Sendable {
  public let configuration: TLSClientConfiguration
  private let reloading: ReloadingContext

  /// - Throws: `invalidConfiguration`, naming the file, what is wrong with it and what to do.
  public init(_ configuration: TLSClientConfiguration = TLSClientConfiguration()) throws(TransportError) {
    self.configuration = configuration
    let files = [configuration.authorityFile, configuration.certificateFile, configuration.keyFile]
    reloading = try ReloadingContext(files: files.compactMap { $0 }) { () throws(TransportError) in
      try Self.build(configuration)
    }
  }

  /// As ``TLSServerContext/reloadIfChanged()``. The system's authorities are not watched.
  public func reloadIfChanged() throws(TransportError) -> Bool {
    try reloading.reloadIfChanged()
  }

  /// What new connections begin with.
  var current: OpenSSLContext { reloading.current }

  private static func build(_ configuration: TLSClientConfiguration) throws(TransportError) -> OpenSSLContext {
    let context = try OpenSSLContext(.client, minimumVersion: configuration.minimumVersion)
    switch (configuration.certificateFile, configuration.keyFile) {
    case (let certificateFile?, let keyFile?):
      try context.use(certificateFile: certificateFile, keyFile: keyFile)
    case (let file?, nil), (nil, let file?):
      throw TransportError(
        .invalidConfiguration, "\(file): a certificate and its key go together; name both files or neither")
    case (nil, nil):
      break
    }
    guard configuration.verifiesPeer else {
      guard configuration.serverIDs.isEmpty else {
        throw TransportError(
          .invalidConfiguration, "server IDs mean nothing when servers are not verified; verify them, or remove the IDs"
        )
      }
      return context
    }
    if let authorityFile = configuration.authorityFile {
      try context.trust(authorityFile: authorityFile)
    } else {
      try context.trustSystem()
    }
    context.verifyServers()
    return context
  }
}
