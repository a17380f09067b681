// SPDX-License-Identifier: Apache-2.0

import Policy
import Transport

extension ConfigurationReader {
  func receiver(_ id: ComponentID, _ node: Node) -> OTLPReceiverSettings? {
    guard id.type == "otlp" else { return unknownType(id, "receiver", among: ["otlp"], at: node) }
    var settings = OTLPReceiverSettings()
    guard let fields = FieldValues(reader, node, ReceiverField.self) else {
      reader.missing("protocols", in: node)
      return nil
    }
    fields.read(.protocols) { protocols($0, &settings) }
    fields.read(.tenantLimits) { tenantLimits($0, &settings) }
    return settings
  }

  /// A protocol without a value listens on its usual port.
  private func protocols(_ node: Node, _ settings: inout OTLPReceiverSettings) {
    guard reader.expect(node, .mapping, "a mapping") else { return }
    var grpc: OTLPServerSettings?
    var http: OTLPServerSettings?
    reader.mapping(node, ProtocolsField.self) { field, value in
      switch field {
      case .grpc: grpc = server(value, port: 4317)
      case .http: http = server(value, port: 4318)
      }
    }
    settings.grpc = grpc
    settings.http = http
    if grpc == nil && http == nil {
      reader.error(at: node.position, "neither grpc nor http; a receiver has one of them")
    }
  }

  private func server(_ node: Node, port: Int) -> OTLPServerSettings {
    var settings = OTLPServerSettings(host: "127.0.0.1", port: port)
    guard let fields = FieldValues(reader, node, ServerField.self) else { return settings }
    if let own = fields.read(.endpoint, { self.server($0) }) { settings = own }
    fields.read(.tls) { serverTLS($0, &settings) }
    fields.read(.auth) { node in
      guard let auth = FieldValues(self.reader, node, AuthField.self) else { return }
      let known = self.configuration.extensions.keys.map(\.description).sorted()
      let name = auth.read(.authenticator) { self.reader.known($0, "extension", among: known) }
      settings.authenticator = name.flatMap { ComponentID(parsing: $0) }
      self.check(settings.authenticator, auth)
    }
    if let mebibytes = fields.integer(.maxReceiveMebibytes) { settings.requestBytesMax = mebibytes << 20 }
    if let bytes = fields.integer(.maxRequestBytes) { settings.requestBytesMax = bytes }
    settings.concurrentStreamsMax = fields.integer(.maxConcurrentStreams)
    if let count = fields.integer(.maxConnections) { settings.connectionsMax = count }
    settings.idleTimeout = duration(fields, .idleTimeout)
    fields.read(.keepalive) { serverKeepalive($0, &settings) }
    return settings
  }

  private func check(_ authenticator: ComponentID?, _ fields: FieldValues<AuthField>) {
    guard let authenticator, let settings = configuration.extensions[authenticator] else { return }
    switch settings {
    case .bearerTokens, .spiffe, .tenantHeader: break
    case .fileStorage, .memoryLimiter:
      fields.error(
        .authenticator, "`\(authenticator)` does not authenticate; bearertokenauth, spiffe and tenant_header do")
    }
  }

  private func serverTLS(_ node: Node, _ settings: inout OTLPServerSettings) {
    guard let fields = FieldValues(reader, node, ServerTLSField.self) else { return }
    guard let certificate = text(fields, .certificateFile), let key = text(fields, .keyFile) else { return }
    let authority = text(fields, .clientAuthorityFile)
    var tls = TLSServerConfiguration(certificateFile: certificate, keyFile: key)
    tls.clientAuthorityFile = authority
    tls.clientCertificates = authority == nil ? .ignored : .required
    if let version = fields.read(.minimumVersion, { tlsVersion($0) }) { tls.minimumVersion = version }
    if let interval = duration(fields, .reloadInterval) { settings.reloadInterval = interval }
    settings.tls = tls
  }

  /// `"1.2"` or `"1.3"`.
  func tlsVersion(_ node: Node) -> TLSVersion? {
    switch reader.tree.string(node) {
    case "1.2": return .tls12
    case "1.3": return .tls13
    case let text:
      reader.error(at: node.position, "\(Excerpt.quoted(text)) is not a version of TLS that is spoken here: 1.2 or 1.3")
      return nil
    }
  }

  private func serverKeepalive(_ node: Node, _ settings: inout OTLPServerSettings) {
    guard let fields = FieldValues(reader, node, ServerKeepaliveField.self) else { return }
    fields.read(.serverParameters) { node in
      guard let parameters = FieldValues(self.reader, node, ServerParametersField.self) else { return }
      settings.keepaliveInterval = self.duration(parameters, .time)
      settings.keepaliveTimeout = self.duration(parameters, .timeout)
      if let idle = self.duration(parameters, .idleMax) { settings.idleTimeout = idle }
      settings.maximumAge = self.duration(parameters, .ageMax)
    }
  }

  // MARK: Tenants

  private func tenantLimits(_ node: Node, _ settings: inout OTLPReceiverSettings) {
    guard let fields = FieldValues(reader, node, TenantLimitsField.self) else { return }
    if let limit = fields.read(.defaultLimit, { tenantLimit($0) }) { settings.defaultTenantLimit = limit }
    fields.read(.overrides) { node in
      guard self.reader.expect(node, .mapping, "a mapping") else { return }
      self.reader.pairs(node) { key, value in
        settings.tenantLimits[self.reader.tree.string(self.reader.tree[key])] = self.tenantLimit(value)
      }
    }
  }

  private func tenantLimit(_ node: Node) -> TenantLimit? {
    guard let fields = FieldValues(reader, node, TenantLimitField.self) else { return nil }
    var limit = TenantLimit(
      requestsPerSecond: fields.number(.requestsPerSecond), bytesPerSecond: fields.number(.bytesPerSecond))
    if let burst = duration(fields, .burst) { limit.burst = burst }
    return limit
  }
}
