// SPDX-License-Identifier: Apache-2.0

/// Makes selectors by name.
enum SelectorFactory {
  /// A baseline with its published parameters, with Envoy's outlier detection around it where wanted.
  static func baseline(
    _ name: SelectorName.Baseline, ejection: Bool, services: any SelectorServices
  ) -> any EndpointSelector {
    let selector: any EndpointSelector =
      switch name {
      case .roundRobin: RoundRobinSelector(services: services)
      case .random: RandomSelector()
      case .weightedRoundRobin: WeightedRoundRobinSelector(services: services)
      case .leastOutstanding: LeastOutstandingSelector(services: services)
      case .powerOfTwo: PowerOfTwoSelector(services: services)
      case .yarp: YARPSelector(services: services)
      case .peakEWMA: PeakEWMASelector(services: services)
      case .c3: C3Selector(services: services)
      case .c3Probes: C3ProbesSelector(services: services, parameters: .published(for: services))
      case .prequal: PrequalSelector(services: services, parameters: .init(pool: .published(for: services)))
      case .oracle: OracleSelector(services: services)
      }
    return ejection ? EnvoyOutlierDetection(selector, services: services) : selector
  }
}
