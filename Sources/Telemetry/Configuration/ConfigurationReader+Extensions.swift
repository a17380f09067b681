// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Policy
import Transport

extension ConfigurationReader {
  private static let extensionTypes = ["bearertokenauth", "file_storage", "memory_limiter", "spiffe", "tenant_header"]

  func extensionSettings(_ id: ComponentID, _ node: Node) -> ExtensionSettings? {
    switch id.type {
    case "bearertokenauth":
      return FieldValues(reader, node, BearerTokenField.self).flatMap { text($0, .filename) }.map {
        .bearerTokens(file: $0)
      }
    case "spiffe": return spiffe(node)
    case "tenant_header": return tenantHeader(node)
    case "file_storage": return fileStorage(node)
    case "memory_limiter": return memoryLimit(node).map { .memoryLimiter(bytes: $0) }
    default: return unknownType(id, "extension", among: Self.extensionTypes, at: node)
    }
  }

  private func spiffe(_ node: Node) -> ExtensionSettings? {
    guard let fields = FieldValues(reader, node, SPIFFEField.self) else { return nil }
    let patterns = fields.list(.allow, countMax: 1000) { node -> String? in
      guard let text = text(node) else { return nil }
      do throws(TransportError) {
        _ = try SPIFFEPattern(text)
        return text
      } catch {
        reader.error(at: node.position, error.message)
        return nil
      }
    }
    return patterns.map { .spiffe(allowed: $0) }
  }

  private func tenantHeader(_ node: Node) -> ExtensionSettings? {
    guard let fields = FieldValues(reader, node, TenantHeaderField.self) else { return nil }
    return fields.read(.header) { node -> ExtensionSettings? in
      guard let text = text(node) else { return nil }
      if HTTPField.Name(text) != nil { return .tenantHeader(text) }
      reader.error(at: node.position, "\(Excerpt.quoted(text)) cannot be the name of a header field")
      return nil
    }
  }

  private func fileStorage(_ node: Node) -> ExtensionSettings? {
    guard let fields = FieldValues(reader, node, FileStorageField.self) else { return nil }
    guard let directory = text(fields, .directory) else { return nil }
    var settings = FileStorageSettings(directory: directory)
    if let mebibytes = fields.integer(.maxMebibytes) { settings.bytesMax = mebibytes << 20 }
    if let fsync = fields.boolean(.fsync) { settings.fsync = fsync }
    return .fileStorage(settings)
  }

  // MARK: Connectors

  func connector(_ id: ComponentID, _ node: Node) -> RoutingSettings? {
    guard id.type == "routing" else { return unknownType(id, "connector", among: ["routing"], at: node) }
    guard let fields = FieldValues(reader, node, RoutingField.self) else { return nil }
    var settings = RoutingSettings()
    settings.rules = fields.list(.table_, countMax: 1000) { rule($0) } ?? []
    settings.defaultPipelines = texts(fields, .defaultPipelines) ?? []
    return settings
  }

  private func rule(_ node: Node) -> RoutingSettings.Rule? {
    guard let fields = FieldValues(reader, node, RoutingRuleField.self) else { return nil }
    let condition = fields.read(.condition) { node -> RoutingConnector.Condition? in
      guard let text = text(node) else { return nil }
      if let condition = RoutingConnector.Condition(parsing: text) { return condition }
      let forms = #"request["KEY"] == "VALUE", resource.attributes["KEY"] == "VALUE" or tenant == "VALUE""#
      reader.error(at: node.position, "\(Excerpt.quoted(text)) is not understood; write \(forms)")
      return nil
    }
    guard let condition else { return nil }
    return RoutingSettings.Rule(condition: condition, pipelines: texts(fields, .pipelines) ?? [])
  }
}

extension RoutingConnector.Condition {
  /// The three forms of a condition; `attributes[...]` is the resource's as well, as in the Collector.
  init?(parsing text: String) {
    let parts = text.split(separator: "==", maxSplits: 1)
    guard parts.count == 2, let value = Self.quoted(parts[1]) else { return nil }
    let left = parts[0].filter { !$0.isWhitespace }
    if left == "tenant" {
      self = .tenant(value)
    } else if let key = Self.key(left, of: "request") {
      self = .metadata(key: key.lowercased(), value: value)
    } else if let key = Self.key(left, of: "resource.attributes") ?? Self.key(left, of: "attributes") {
      self = .resourceAttribute(key: key, value: value)
    } else {
      return nil
    }
  }

  private static func key(_ text: String, of collection: String) -> String? {
    guard text.hasPrefix(collection + "["), text.hasSuffix("]") else { return nil }
    return quoted(text.dropFirst(collection.count + 1).dropLast())
  }

  private static func quoted(_ text: Substring) -> String? {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    guard text.count >= 2, text.hasPrefix("\""), text.hasSuffix("\"") else { return nil }
    let inner = text.dropFirst().dropLast()
    return inner.contains("\"") ? nil : String(inner)
  }
}
