// SPDX-License-Identifier: Apache-2.0

import Policy

extension ConfigurationReader {
  private static let processorTypes = [
    "attributes", "batch", "memory_limiter", "probabilistic_sampler", "resource", "resourcedetection",
  ]

  func processor(_ id: ComponentID, _ node: Node) -> ProcessorSettings? {
    switch id.type {
    case "attributes":
      return FieldValues(reader, node, AttributesField.self).flatMap { actions($0, .actions) }.map { .attributes($0) }
    case "resource":
      return FieldValues(reader, node, ResourceField.self).flatMap { actions($0, .attributes) }.map { .resource($0) }
    case "resourcedetection": return resourceDetection(node)
    case "probabilistic_sampler":
      let fields = FieldValues(reader, node, SamplerField.self)
      return fields?.number(.samplingPercentage).map { .probabilisticSampler(percentage: $0) }
    case "batch": return .batch(batch(node))
    case "memory_limiter": return memoryLimit(node).map { .memoryLimiter(bytes: $0) }
    default: return unknownType(id, "processor", among: Self.processorTypes, at: node)
    }
  }

  private func actions<Name>(_ fields: FieldValues<Name>, _ field: Name) -> [AttributeAction]? {
    fields.list(field, countMax: 100) { action($0) }
  }

  private func action(_ node: Node) -> AttributeAction? {
    guard let fields = FieldValues(reader, node, ActionField.self) else { return nil }
    guard let key = text(fields, .key), let kind = fields.word(.action, AttributeAction.Kind.self) else { return nil }
    let value = fields.read(.value) { literal($0) }
    let source = text(fields, .fromAttribute)
    switch (kind, value, source) {
    case (.delete, nil, nil): return AttributeAction(.delete, key)
    case (.delete, _, _): fields.error(.action, "delete takes no value")
    case (_, let value?, nil): return AttributeAction(kind, key, value)
    case (_, nil, let source?): return AttributeAction(kind, key, .attribute(source))
    case (_, nil, nil): if !fields.has(.value) { reader.missing("value", in: node, "; or write from_attribute") }
    case (_, _, _): fields.error(.fromAttribute, "`value` and `from_attribute` cannot both be there")
    }
    return nil
  }

  /// Numbers and booleans stay what they are; what is in quotes is text.
  private func literal(_ node: Node) -> AttributeAction.Value? {
    guard node.kind == .scalar, node.isPlain else { return text(node).map { .text($0) } }
    switch reader.scalarType(node) {
    case .integer(let number): return number.map { .integer(Int64($0)) }
    case .float: return reader.number(node).map { .double($0) }
    case .boolean(let flag): return .boolean(flag)
    case .string, .null: return text(node).map { .text($0) }
    }
  }

  private func resourceDetection(_ node: Node) -> ProcessorSettings? {
    guard let fields = FieldValues(reader, node, ResourceDetectionField.self) else { return nil }
    let detectors = fields.list(.detectors, countMax: 10) { reader.word($0, ResourceDetector.self) }
    return .resourceDetection(detectors ?? [], overrides: fields.boolean(.overrides) ?? true)
  }

  private func batch(_ node: Node) -> BatchSettings {
    var settings = BatchSettings()
    guard let fields = FieldValues(reader, node, BatchField.self) else { return settings }
    if let count = fields.integer(.sendBatchSize) { settings.minSize = count }
    if let count = fields.integer(.sendBatchMaxSize), count > 0 {
      settings.maxSize = count
      if count < settings.minSize {
        fields.error(.sendBatchMaxSize, "smaller than send_batch_size, \(settings.minSize)")
      }
    }
    if let timeout = duration(fields, .timeout) { settings.flushTimeout = timeout }
    return settings
  }

  func memoryLimit(_ node: Node) -> Int? {
    FieldValues(reader, node, MemoryLimiterField.self)?.integer(.limitMebibytes).map { $0 << 20 }
  }
}
