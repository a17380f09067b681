// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy

enum Fixtures {
  static let policies = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "policies")
  static let examples = policies.appending(path: "examples")

  static func policyFiles(in directory: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }.sorted()
  }

  static func bytes(_ name: String, in directory: URL) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: directory.appending(path: name)))
  }

  /// Reads the files that policy files of a directory name.
  static func bodyReader(in directory: URL) -> PolicyParser.BodyReader {
    { name in try bytes(name, in: directory) }
  }

  static func example(_ name: String) throws -> ParsedFile {
    PolicyParser.parse(try bytes(name, in: examples), path: name, readBody: bodyReader(in: examples))
  }

  /// A Service with one port, `extra` at the end of its spec.
  static func service(
    _ name: String = "web", ip: String = "127.96.0.1", annotations: String = "{}", extra: String = "",
    port: String = "{name: http, port: 80}"
  ) -> String {
    """
    ---
    apiVersion: v1
    kind: Service
    metadata: {name: \(name), annotations: \(annotations)}
    spec:
      clusterIP: "\(ip)"
      ports: [\(port)]
    \(extra.isEmpty ? "" : "  " + extra)

    """
  }

  static func slice(
    _ name: String = "web-1", of service: String = "web", type: String = "IPv4", annotations: String = "{}",
    port: String = "{name: http, port: 8080}", endpoints: String = "{addresses: [127.0.1.1]}"
  ) -> String {
    """
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: \(name), labels: {kubernetes.io/service-name: \(service)}, annotations: \(annotations)}
    addressType: \(type)
    ports: [\(port)]
    endpoints: [\(endpoints)]

    """
  }

  static func parse(_ text: String, path: String = "a.yaml", allowUnsupported: Bool = false) -> ParsedFile {
    PolicyParser.parse(text, path: path, allowUnsupported: allowUnsupported)
  }

  static func store(_ files: ParsedFile...) -> PolicyStore {
    var store = PolicyStore()
    _ = store.apply(replacing: files, removing: [])
    return store
  }

  static func errors(_ text: String) -> [String] {
    parse(text).diagnostics.map(\.description)
  }
}
