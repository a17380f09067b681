// SPDX-License-Identifier: Apache-2.0

// `loadBalancer` of Istio's destination_rule.proto, each type with all its fields.

enum LoadBalancerField: String, FieldName {
  case simple, consistentHash, localityLbSetting, warmup, warmupDurationSecs, zoneAwareLbSetting
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    self == .zoneAwareLbSetting
      ? .unsupported("`localityLbSetting` is what decides between zones") : .supported
  }
  var shape: Shape {
    switch self {
    case .simple: .words(SimpleLoadBalancer.allCases.filter { $0 != .passthrough }.map(\.rawValue))
    case .consistentHash: .object(ConsistentHashField.self)
    case .localityLbSetting: .object(LocalitySettingField.self)
    case .warmup: .object(WarmupField.self)
    case .warmupDurationSecs: .duration(millisecondsMin: 1)
    case .zoneAwareLbSetting: .anything
    }
  }
}

enum SimpleLoadBalancer: String, CaseIterable {
  case unspecified = "UNSPECIFIED"
  case leastConnections = "LEAST_CONN"
  case random = "RANDOM"
  case passthrough = "PASSTHROUGH"
  case roundRobin = "ROUND_ROBIN"
  case leastRequest = "LEAST_REQUEST"

  /// nil: as if it had not been given.
  var meaning: LoadBalancer? {
    switch self {
    case .unspecified, .passthrough: nil
    case .leastConnections, .leastRequest: .leastRequest
    case .random: .random
    case .roundRobin: .roundRobin
    }
  }
}

enum ConsistentHashField: String, FieldName {
  case useSourceIp, maglev, ringHash, httpHeaderName, httpCookie, httpQueryParameterName, minimumRingSize
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    case .httpHeaderName, .httpCookie, .httpQueryParameterName:
      .unsupported("the kernel hashes who connects, not what a request says; `useSourceIp` is supported")
    default: .supported
    }
  }
  var shape: Shape {
    switch self {
    case .useSourceIp: .boolean
    case .maglev: .object(MaglevField.self)
    case .ringHash: .object(RingHashField.self)
    case .minimumRingSize: .integer(0...Int.max)
    default: .anything
    }
  }
}

enum MaglevField: String, FieldName {
  case tableSize
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var shape: Shape { .integer(0...Int.max) }
}

enum RingHashField: String, FieldName {
  case minimumRingSize
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var shape: Shape { .integer(0...Int.max) }
}

enum WarmupField: String, SettingField {
  case duration, minimumPercent, aggression
  static let table = FieldTable<Self>()
  static let required: [Self] = [.duration]
  var support: FieldSupport { .supported }
  var setting: Setting? {
    switch self {
    case .duration: .warmupDuration
    case .minimumPercent: .warmupMinimumPercent
    case .aggression: .warmupAggression
    }
  }
}

enum LocalitySettingField: String, FieldName {
  case enabled, distribute, failover, failoverPriority
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    self == .failover
      ? .unsupported("it is between regions, and EndpointSlices have zones and no regions; zones fail over without it")
      : .supported
  }
  var shape: Shape {
    switch self {
    case .enabled: .boolean
    case .distribute: .list(.object(DistributeField.self))
    case .failoverPriority: .list(.words([LocalitySettingField.zoneLabel]))
    case .failover: .anything
    }
  }

  static let zoneLabel = "topology.kubernetes.io/zone"
}

enum DistributeField: String, FieldName {
  case from, to
  static let table = FieldTable<Self>()
  static let required: [Self] = [.from, .to]
  var support: FieldSupport { .supported }
  var shape: Shape { self == .from ? .text : .map(.integer(1...100)) }
}
