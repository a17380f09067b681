// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A certificate authority for tests, made with the `openssl` program: P-256 keys, PEM files.
///
///     let authority = try CertificateAuthority()
///     let server = try authority.issue("server", dns: ["localhost"], ips: ["127.0.0.1", "::1"])
public final class CertificateAuthority: Sendable {
  /// PEM files of one certificate, with those of intermediate authorities after it, and of its key.
  public typealias Pair = (certificateFile: String, keyFile: String)

  /// Holds all files; kept as long as the authority is.
  public let directory: TemporaryDirectory
  /// PEM, of the authority itself: what its peers trust.
  public let certificateFile: String
  public let keyFile: String

  /// Of an intermediate authority: it goes after each certificate that it issues.
  private let isIntermediate: Bool

  /// Whether the program is there; tests with certificates are skipped without it.
  public static let isAvailable = Programs.find("openssl") != nil

  /// - Parameters:
  ///   - name: of its files and in its subject; authorities that share a directory need different ones.
  ///   - days: how long it is valid.
  /// - Throws: `TestbedError` with what openssl says, as all that makes certificates.
  public init(in directory: TemporaryDirectory, named name: String = "authority", days: Int = 30) throws {
    self.directory = directory
    certificateFile = "\(directory.path)/\(name).pem"
    keyFile = "\(directory.path)/\(name)-key.pem"
    isIntermediate = false
    // Of a name of its own: an unknown authority is told from one whose key has changed.
    try Self.openssl(
      Self.request("\(name) \(UInt32.random(in: 0...UInt32.max))", keyFile) + [
        "-x509", "-days", "\(days)", "-out", certificateFile, "-addext", "keyUsage=critical,keyCertSign,cRLSign",
      ])
  }

  /// An authority in a temporary directory of its own.
  public convenience init() throws {
    try self.init(in: TemporaryDirectory(named: "certificates"))
  }

  /// An intermediate authority, which the parent vouches for. Files of what it issues hold its own certificate as well.
  public init(named name: String, signedBy parent: CertificateAuthority) throws {
    directory = parent.directory
    isIntermediate = true
    (certificateFile, keyFile) = try parent.issue(
      name,
      extensions: ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign,digitalSignature"],
      days: 30)
  }

  /// A certificate for servers and clients, and its key, as `NAME.pem` and `NAME-key.pem` in the directory. An earlier
  /// one of the same name is replaced.
  ///
  /// - Parameters:
  ///   - name: the subject is `CN=name`.
  ///   - uris: for example a SPIFFE ID.
  ///   - days: how long it is valid from now on; -1 makes one that has expired.
  ///   - purposes: extended key usage as openssl spells it.
  public func issue(
    _ name: String, dns: [String] = [], ips: [String] = [], uris: [String] = [], days: Int = 30,
    purposes: String = "serverAuth,clientAuth"
  ) throws -> Pair {
    let names = dns.map { "DNS:\($0)" } + ips.map { "IP:\($0)" } + uris.map { "URI:\($0)" }
    var extensions = ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature"]
    extensions.append("extendedKeyUsage=\(purposes)")
    if !names.isEmpty { extensions.append("subjectAltName=" + names.joined(separator: ",")) }
    return try issue(name, extensions: extensions, days: days)
  }

  private func issue(_ name: String, extensions: [String], days: Int) throws -> Pair {
    let pair = pair(name)
    let extensionFile = try directory.write("\(name).ext", extensions.joined(separator: "\n") + "\n")
    let requestFile = "\(directory.path)/\(name).csr"
    try Self.openssl(Self.request(name, pair.keyFile) + ["-out", requestFile])
    // A serial number of its own, not the authority's counter in a file: tests issue certificates at the same time.
    let serial = UInt64.random(in: 1...UInt64(Int64.max))
    try Self.openssl([
      "x509", "-req", "-in", requestFile, "-CA", certificateFile, "-CAkey", keyFile, "-set_serial", "\(serial)",
      "-days", "\(days)", "-extfile", extensionFile, "-out", pair.certificateFile,
    ])
    if isIntermediate {
      let chain = try [pair.certificateFile, certificateFile].map { try String(contentsOfFile: $0, encoding: .utf8) }
      _ = try directory.write("\(name).pem", chain.joined())
    }
    return pair
  }

  /// A certificate that vouches for itself, in the authority's directory.
  public func selfSigned(_ name: String, dns: [String]) throws -> Pair {
    let pair = pair(name)
    try Self.openssl(
      Self.request(name, pair.keyFile) + [
        "-x509", "-days", "30", "-out", pair.certificateFile, "-addext",
        "subjectAltName=" + dns.map { "DNS:\($0)" }.joined(separator: ","),
      ])
    return pair
  }

  private func pair(_ name: String) -> Pair {
    ("\(directory.path)/\(name).pem", "\(directory.path)/\(name)-key.pem")
  }

  private static func request(_ name: String, _ keyFile: String) -> [String] {
    [
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile, "-subj",
      "/CN=\(name)",
    ]
  }

  private static func openssl(_ arguments: [String]) throws {
    let program = try ChildProcess("openssl", arguments)
    guard try program.wait(timeout: .seconds(20)) == .exited(0) else {
      throw TestbedError("openssl \(arguments.joined(separator: " "))", reason: program.errors)
    }
  }
}
