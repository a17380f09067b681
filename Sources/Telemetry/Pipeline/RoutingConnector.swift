// SPDX-License-Identifier: Apache-2.0

import OTLP

/// Chooses the pipelines of a request by its sender or by what its resources say: the Collector's `routing` connector.
/// Rules are tried in order, and the first that fits has the request or the resource.
public final class RoutingConnector: Sendable {
  /// What a rule compares.
  public enum Condition: Hashable, Sendable {
    /// `request["KEY"] == "VALUE"`: a header field or gRPC metadata. The key is in lower case.
    case metadata(key: String, value: String)
    /// `resource.attributes["KEY"] == "VALUE"`: a text attribute of the resource.
    case resourceAttribute(key: String, value: String)
    /// `tenant == "VALUE"`: whom the receiver's authenticator took the sender for.
    case tenant(String)
  }

  public struct Rule: Sendable {
    public var condition: Condition
    public var pipelines: [Pipeline]

    public init(_ condition: Condition, to pipelines: [Pipeline]) {
      self.condition = condition
      self.pipelines = pipelines
    }
  }

  private let rules: [Rule]
  private let defaultPipelines: [Pipeline]
  private let looksAtResources: Bool

  /// - Parameter defaultPipelines: of what no rule fits; empty drops it.
  public init(_ rules: [Rule], defaultPipelines: [Pipeline]) {
    self.rules = rules
    self.defaultPipelines = defaultPipelines
    looksAtResources = rules.contains { if case .resourceAttribute = $0.condition { true } else { false } }
  }

  func prepare(
    _ encoded: EncodedRequest, _ context: ReceiveContext, into batch: inout PreparedRequests
  ) throws(Refusal) {
    if looksAtResources { return try prepareByResource(encoded, context, into: &batch) }
    let rule = rules.first { $0.fits(context) }
    for pipeline in rule?.pipelines ?? defaultPipelines {
      try prepare(encoded, context, pipeline, into: &batch) { _ in }
    }
  }

  /// Every set of pipelines gets the resources that are its own.
  private func prepareByResource(
    _ encoded: EncodedRequest, _ context: ReceiveContext, into batch: inout PreparedRequests
  ) throws(Refusal) {
    for index in 0...rules.count {
      let pipelines = index < rules.count ? rules[index].pipelines : defaultPipelines
      for pipeline in pipelines {
        try prepare(encoded, context, pipeline, into: &batch) { copy in
          copy.removeResources { self.ruleIndex(of: $0, context) != index }
        }
      }
    }
  }

  /// Pipelines may change what they get, so each gets a copy of its own.
  private func prepare(
    _ encoded: EncodedRequest, _ context: ReceiveContext, _ pipeline: Pipeline, into batch: inout PreparedRequests,
    _ select: (TelemetryRequest) -> Void
  ) throws(Refusal) {
    var decoder = try Decoder.forRouting()
    let copy = try TelemetryRequest.read(encoded.signal, encoded.protobuf.readableBytesSpan, .protobuf, &decoder)
    select(copy)
    try pipeline.prepare(copy, looksAtResources ? nil : encoded.protobuf, context, into: &batch)
  }

  /// The number of rules when none fits.
  private func ruleIndex(of attributes: List<Common.KeyValue>?, _ context: ReceiveContext) -> Int {
    for (index, rule) in rules.enumerated() where rule.fits(context) || rule.fits(attributes) { return index }
    return rules.count
  }
}

extension RoutingConnector.Rule {
  fileprivate func fits(_ context: ReceiveContext) -> Bool {
    switch condition {
    case .metadata(let key, let value): context.metadata.contains { $0.name.canonicalName == key && $0.value == value }
    case .tenant(let tenant): context.tenant == tenant
    case .resourceAttribute: false
    }
  }

  fileprivate func fits(_ attributes: List<Common.KeyValue>?) -> Bool {
    guard case .resourceAttribute(let key, let value) = condition, let attributes else { return false }
    for index in attributes.indices where attributes[index].key == key {
      if let text = attributes[index].value?.text, text == value { return true }
    }
    return false
  }
}

extension Decoder {
  fileprivate static func forRouting() throws(Refusal) -> Decoder {
    do throws(OTLPError) { return try Decoder() } catch { throw Refusal(.unavailable, error.description) }
  }
}
