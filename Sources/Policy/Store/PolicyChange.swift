// SPDX-License-Identifier: Apache-2.0

/// What a consumer has to do to follow the policy: publish these services, take those out.
public struct PolicyChange: Hashable, Codable, Sendable {
  /// New services and those whose meaning changed, sorted by name.
  public var upserted: [Service]
  /// Names of services that are no longer in force, sorted.
  public var removed: [String]

  public init(upserted: [Service] = [], removed: [String] = []) {
    self.upserted = upserted
    self.removed = removed
  }

  public var isEmpty: Bool { upserted.isEmpty && removed.isEmpty }

  /// This change followed by `newer`, as one.
  public func merged(with newer: PolicyChange) -> PolicyChange {
    if isEmpty { return newer }
    if newer.isEmpty { return self }
    var services = Dictionary(upserted.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
    var removed = Set(self.removed)
    for service in newer.upserted {
      services[service.name] = service
      removed.remove(service.name)
    }
    for name in newer.removed {
      services[name] = nil
      removed.insert(name)
    }
    return PolicyChange(upserted: services.values.sorted { $0.name < $1.name }, removed: removed.sorted())
  }
}
