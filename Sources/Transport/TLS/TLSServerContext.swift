// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// What a server's connections share: its certificate, its key, and the authorities of its clients.
public final class TLSServerContext: Sendable {
  public let configuration: TLSServerConfiguration
  private let reloading: ReloadingContext

  /// - Throws: `invalidConfiguration`, naming the file, what is wrong with it and what to do.
  public init(_ configuration: TLSServerConfiguration) throws(TransportError) {
    self.configuration = configuration
    let files = [configuration.certificateFile, configuration.keyFile, configuration.clientAuthorityFile]
    reloading = try ReloadingContext(files: files.compactMap { $0 }) { () throws(TransportError) in
      try Self.build(configuration)
    }
  }

  /// Reads the files again when any of them has changed since. New connections use what they hold then; those under way
  /// go on with what they began with.
  ///
  /// - Returns: whether anything has changed.
  /// - Throws: `invalidConfiguration` when the new files do not work. The old ones remain in force, and it is thrown
  ///   again until the files are right.
  public func reloadIfChanged() throws(TransportError) -> Bool {
    try reloading.reloadIfChanged()
  }

  /// What new connections begin with.
  var current: OpenSSLContext { reloading.current }

  private static func build(_ configuration: TLSServerConfiguration) throws(TransportError) -> OpenSSLContext {
    let context = try OpenSSLContext(.server, minimumVersion: configuration.minimumVersion)
    try context.use(certificateFile: configuration.certificateFile, keyFile: configuration.keyFile)
    context.selectsApplicationProtocol()
    guard configuration.clientCertificates != .ignored else { return context }
    guard let authorityFile = configuration.clientAuthorityFile else {
      throw TransportError(
        .invalidConfiguration,
        "\(configuration.certificateFile): client certificates are \(configuration.clientCertificates.rawValue), but "
          + "there is no authority to verify them against; name a client authority file")
    }
    try context.trust(authorityFile: authorityFile)
    try context.askForCertificates(of: authorityFile, required: configuration.clientCertificates == .required)
    return context
  }
}
