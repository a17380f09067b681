// SPDX-License-Identifier: Apache-2.0

/// Changes the attributes of data points, spans and log records: the Collector's `attributes` processor.
public struct AttributesProcessor: Processor {
  private let actions: [AttributeAction]

  /// - Parameter actions: in order.
  public init(_ actions: [AttributeAction]) {
    self.actions = actions
  }

  public func process(_ request: TelemetryRequest, _ context: ReceiveContext) -> Bool {
    var isChanged = false
    request.forEachItemAttributes { attributes in
      for action in actions where action.apply(to: attributes) { isChanged = true }
    }
    return isChanged
  }
}

/// Changes the attributes of resources: the Collector's `resource` processor.
public struct ResourceProcessor: Processor {
  private let actions: [AttributeAction]

  /// - Parameter actions: in order.
  public init(_ actions: [AttributeAction]) {
    self.actions = actions
  }

  public func process(_ request: TelemetryRequest, _ context: ReceiveContext) -> Bool {
    var isChanged = false
    request.forEachResource { resource in
      for action in actions where action.apply(to: resource.attributes) { isChanged = true }
    }
    return isChanged
  }
}
