// SPDX-License-Identifier: Apache-2.0

public import OTLP

extension BuilderList where Element == Common.KeyValue.Builder {
  /// `service.name` of a resource; nil when it has none.
  public var serviceName: String? {
    for index in indices {
      let attribute = self[index].view(Common.KeyValue.self)
      if attribute.key == "service.name" { return attribute.value?.text?.string }
    }
    return nil
  }
}
