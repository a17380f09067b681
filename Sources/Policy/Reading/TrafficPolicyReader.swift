// SPDX-License-Identifier: Apache-2.0

extension Reader {
  /// A `swerve.dev/v1alpha1` TrafficPolicy; nil when it has an error.
  func trafficPolicy(_ node: Node) -> RuleObject? {
    guard let parts = ruleParts(node) else { return nil }
    var policy = TrafficPolicy()
    var host: RuleHost?
    var hasHost = false
    spec(parts, TrafficPolicySpecField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .host:
        hasHost = true
        host = self.host(value, namespace: parts.metadata.namespace)
      case .port:
        policy.port = integer(value, in: 1...65_535).flatMap { UInt16(exactly: $0) }
        policy.portPosition = value.position
      case .outlierDetection:
        policy.assignments.append(
          Assignment(setting: .outlierDetection, value: .flag(true), position: value.position))
        settings(value, ExtraOutlierDetectionField.self, into: &policy.assignments)
      case .retryBudget: settings(value, RetryBudgetField.self, into: &policy.assignments)
      case .retryNonIdempotent:
        if let flag = assignment(.retryNonIdempotent, value) { policy.assignments.append(flag) }
      case .loadBalancer: extraLoadBalancer(value, into: &policy.assignments)
      case .fallback: fallback(value, into: &policy.assignments)
      }
    }
    if let spec = parts.spec, spec.kind == .mapping, !hasHost { within("spec") { missing("host", in: spec) } }
    guard let key = parts.metadata.key, let host else { return nil }
    return RuleObject(
      kind: .trafficPolicy, key: key, position: parts.position, hosts: [host], isPrivate: false,
      content: .trafficPolicy(policy))
  }

  private func extraLoadBalancer(_ node: Node, into assignments: inout [Assignment]) {
    mapping(node, ExtraLoadBalancerField.self) { field, value in
      switch field {
      case .simple:
        guard let word = word(value, LoadBalancer.self) else { return }
        assignments.append(
          Assignment(setting: .loadBalancer, value: .loadBalancer(word), position: value.position))
      case .choiceCount:
        if let count = integer(value, in: 1...100), count != 2 {
          unsupported(at: value.position, "\(count) is not supported: the better of 2 is taken")
        }
      }
    }
  }

  // MARK: Fallback

  private func fallback(_ node: Node, into assignments: inout [Assignment]) {
    var rules: [FallbackRule] = []
    var count = 0
    mapping(node, FallbackField.self) { field, value in
      if isNull(value) { return }
      count += 1
      switch field {
      case .service: if let name = fallbackService(value) { rules.append(.service(name)) }
      case .response: if let response = fallbackResponse(value) { rules.append(.response(response)) }
      }
    }
    if node.kind == .mapping, count != 1 { error(at: node.position, "a fallback is either `service` or `response`") }
    if count == 1, let rule = rules.first {
      assignments.append(Assignment(setting: .fallback, value: .fallback(rule), position: node.position))
    }
  }

  private func fallbackService(_ node: Node) -> String? {
    guard let text = string(node) else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    let names = parts.prefix(2).flatMap { $0.split(separator: ":", omittingEmptySubsequences: false) }
    let isFamily = parts.count == 3 ? parts[2] == "ipv4" || parts[2] == "ipv6" : true
    let isName = names.allSatisfy { NameRule.label.complaint(about: String($0)) == nil }
    let last = parts.count == 1 ? parts[0] : parts[1]
    if (1...3).contains(parts.count), isFamily, isName, last.contains(":"), names.count == min(parts.count, 2) + 1 {
      return text
    }
    error(
      at: node.position,
      "\(Excerpt.quoted(text)) is not a service: write namespace/name:port, as `swerve status` shows it")
    return nil
  }

  private func fallbackResponse(_ node: Node) -> FallbackResponse? {
    var response = FallbackResponse()
    var hasStatus = false
    var bodies = 0
    mapping(node, FallbackResponseField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .status:
        hasStatus = true
        response.status = integer(value, in: 200...599) ?? response.status
      case .headers: response.headers = headers(value)
      case .body:
        bodies += 1
        response.body = string(value).map { Array($0.utf8) } ?? []
        checkBody(response.body, at: value)
      case .bodyFile:
        bodies += 1
        response.bodyFile = string(value)
        response.body = response.bodyFile.flatMap { bodyFile($0, at: value) } ?? []
      }
    }
    guard node.kind == .mapping else { return nil }
    if !hasStatus { missing("status", in: node) }
    if bodies > 1 { error(at: node.position, "`body` and `bodyFile` exclude each other") }
    if response.isBodiless, bodies > 0 {
      error(at: node.position, field: "\(field).status", "a response of status \(response.status) has no body")
    }
    return response
  }

  private func headers(_ node: Node) -> [FallbackResponse.Header] {
    var headers: [FallbackResponse.Header] = []
    stringPairs(node) { key, value in
      guard headers.count <= FallbackResponse.headersMax else { return }
      let header = FallbackResponse.Header(
        name: tree.string(tree[key]).lowercased(), value: isNull(value) ? "" : tree.string(value))
      guard HeaderRule.isToken(header.name), HeaderRule.isValue(header.value) else {
        return error(at: tree[key].position, "\(Excerpt.quoted(header.name)) and its value are not an HTTP header")
      }
      if HeaderRule.framing.contains(header.name) {
        return error(at: tree[key].position, "`\(header.name)` follows from the body; leave it out")
      }
      if headers.contains(where: { $0.name == header.name }) {
        error(at: tree[key].position, "the header \(header.name) is given twice")
      }
      headers.append(header)
    }
    if headers.count > FallbackResponse.headersMax {
      error(at: node.position, "a response has at most \(FallbackResponse.headersMax) headers")
    }
    return headers.sorted { $0.name < $1.name }
  }

  private func checkBody(_ body: [UInt8], at node: Node) {
    if body.count > FallbackResponse.bodyBytesMax {
      error(
        at: node.position, "the body has \(body.count) bytes; at most \(FallbackResponse.bodyBytesMax) are served")
    }
  }

  private func bodyFile(_ path: String, at node: Node) -> [UInt8]? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard !path.isEmpty, !path.hasPrefix("/"), !parts.contains(".."), !path.utf8.contains(0) else {
      error(
        at: node.position, "\(Excerpt.quoted(path)) is not a path below the directory of this file; leave out `..`")
      return nil
    }
    guard let readBody else {
      error(at: node.position, "\(Excerpt.quoted(path)) cannot be read here; write the body itself, as `body`")
      return nil
    }
    do {
      let body = try readBody(path)
      checkBody(body, at: node)
      return body
    } catch {
      self.error(at: node.position, "\(Excerpt.quoted(path)): \(error)")
      return nil
    }
  }
}

/// RFC 9110, 5.1 and 5.5.
private enum HeaderRule {
  /// What says where the body ends, and what belongs to the connection.
  static let framing: Set<String> = ["content-length", "transfer-encoding", "connection", "trailer", "upgrade"]

  static func isToken(_ text: String) -> Bool {
    (1...256).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      }
  }

  static func isValue(_ text: String) -> Bool {
    text.utf8.count <= 8192 && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }
  }
}
