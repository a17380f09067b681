// SPDX-License-Identifier: Apache-2.0

import Policy
import Testbed

/// Time per decision by the kernel's own account: BPF run-time statistics of the connect program over many connects.
struct DecisionMeasurement {
  let plan: BenchPlan

  /// What the hooks cost a connect that is not to a service; the statistics' own clock readings are in all figures.
  static let passer = "not a service"

  /// A service of one load balancer and endpoint count.
  private struct Case {
    let loadBalancer: LoadBalancer
    let endpoints: Int
    let address: TCPAddress
  }

  func run() throws -> [Sample] {
    Progress.note("starting \(plan.endpointCounts.max() ?? 0) endpoints and the mesh")
    let hosts = (1...(plan.endpointCounts.max() ?? 1)).map { "127.1.\($0 / 256).\($0 % 256)" }
    let nginx = try Nginx(hosts: hosts).start()
    defer { nginx.stop() }
    let cases = self.cases
    let services = cases.map { each in
      ServiceFile(
        name: "decision-\(each.loadBalancer.rawValue.lowercased().replacing("_", with: "-"))-\(each.endpoints)",
        address: each.address, endpoints: Array(nginx.addresses.prefix(each.endpoints)),
        loadBalancer: each.loadBalancer)
    }
    return try Mesh.with(named: "bench-decide", services: services) { mesh in
      let statistics = try BPFStatistics()
      let selection = try SelectionMeasurement(mesh)
      var progress = Progress(steps: plan.runs * cases.count)
      let samples = try (0..<plan.runs).flatMap { round in
        let passer = try sample(
          Self.passer, nginx.addresses[0], endpoints: 1, round: round, mesh, statistics, selection)
        return try [passer]
          + BenchPlan.rotated(cases, round: round).map { each in
            let name = each.loadBalancer.rawValue
            progress.step("round \(round + 1), decisions, \(name), \(each.endpoints) endpoints")
            return try sample(name, each.address, endpoints: each.endpoints, round: round, mesh, statistics, selection)
          }
      }
      progress.finish()
      return samples
    }
  }

  private var cases: [Case] {
    var cases: [Case] = []
    for loadBalancer in LoadBalancer.allCases {
      for endpoints in plan.endpointCounts {
        guard let address = TCPAddress("127.96.1.\(cases.count + 1)", 80) else { continue }
        cases.append(Case(loadBalancer: loadBalancer, endpoints: endpoints, address: address))
      }
    }
    return cases
  }

  private func sample(
    _ subject: String, _ address: TCPAddress, endpoints: Int, round: Int, _ mesh: Mesh, _ statistics: BPFStatistics,
    _ selection: SelectionMeasurement
  ) throws -> Sample {
    let before = try statistics.counters(attachedTo: mesh.cgroup)
    let succeeded = try mesh.cgroup.withCurrentProcess {
      try ConnectBurst.run(to: address, count: plan.decisionsPerRun, durationMax: .seconds(60))
    }
    try Interruption.check()
    let after = try statistics.counters(attachedTo: mesh.cgroup)
    let thing = "measure a decision of \(subject)"
    guard succeeded >= plan.decisionsPerRun * 99 / 100 else {
      throw TestbedError(thing, reason: "\(succeeded) of \(plan.decisionsPerRun) connects succeeded")
    }
    let used = after.mapValues { $0 }.merging(before) { $0.since($1) }
    guard let decision = used["swerve_connect4"], decision.runs >= succeeded,
      let time = decision.nanosecondsPerRun
    else {
      throw TestbedError(thing, reason: "swerve_connect4 is not attached to \(mesh.cgroup.path) or did not run")
    }
    let total = used.values.reduce(0.0) { $0 + Double($1.nanoseconds) }
    var values: [Metric: Double] = [
      .nanosecondsPerDecision: time, .nanosecondsPerConnection: total / Double(succeeded),
      .errors: Double(plan.decisionsPerRun - succeeded),
    ]
    values[.nanosecondsPerSelection] = try selection.nanoseconds(address, count: plan.decisionsPerRun)
    return Sample(.decisions, subject, size: endpoints, round: round, values)
  }
}
