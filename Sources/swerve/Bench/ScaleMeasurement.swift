// SPDX-License-Identifier: Apache-2.0

import Testbed

/// A full node: how long until the kernel holds every service, how much memory the agent takes then, and how long one
/// changed endpoint takes from the file to the kernel.
struct ScaleResult: Codable, Sendable {
  let services: Int
  let endpoints: Int
  /// From the start of `swerve run` until the frontends map holds every service and a connect is steered.
  let loadSeconds: Double
  /// From the same start until `swerve status` lists every service.
  let statusSeconds: Double
  /// VmRSS of the agent after the load.
  let residentBytes: Int
  /// After the changes.
  let residentBytesAfterChanges: Int
  /// From rename(2) of the file to the first connect that lands on the new endpoint, one per change.
  let changesMilliseconds: [Double]
  let changeMedianMilliseconds: Double
  let changeMaxMilliseconds: Double
}

struct ScaleMeasurement {
  let plan: BenchPlan

  func run() throws -> ScaleResult {
    let changing = try ChangingService(endpoints: plan.scaleEndpointsPerService)
    let others = (1..<plan.scaleServices).compactMap(service)
    Progress.note("writing \(plan.scaleServices) services, starting the mesh")
    let services = [changing.file] + others
    let mesh = try Mesh(named: "bench-scale", services: services)
    let result = Result { try measure(mesh, changing, services: services.count) }
    try cleaningUp(after: result) { try mesh.close() }
    return try result.get()
  }

  private func measure(_ mesh: Mesh, _ changing: ChangingService, services: Int) throws -> ScaleResult {
    let loaded = try mesh.cgroup.withCurrentProcess {
      try mesh.agent.waitUntilKernelHolds(frontends: services, timeout: .seconds(120))
      return try changing.waitUntilSteered(since: mesh.agent.startedNanoseconds)
    }
    let listed = try mesh.agent.waitUntilReady(services: services, timeout: .seconds(120))
    let resident = try mesh.agent.residentBytes()
    var progress = Progress(steps: plan.scaleChanges)
    let changes = try mesh.cgroup.withCurrentProcess {
      try (1...plan.scaleChanges).map { number in
        progress.step("change \(number) of one endpoint among \(services) services")
        try Interruption.check()
        return try changing.change(in: mesh.policies.path).seconds * 1000
      }
    }
    progress.finish()
    return ScaleResult(
      services: services, endpoints: services * plan.scaleEndpointsPerService, loadSeconds: loaded.seconds,
      statusSeconds: listed.seconds, residentBytes: resident,
      residentBytesAfterChanges: try mesh.agent.residentBytes(), changesMilliseconds: changes,
      changeMedianMilliseconds: Statistics.median(changes) ?? 0, changeMaxMilliseconds: changes.max() ?? 0)
  }

  /// A service that nobody contacts: VIPs from 127.96.0.0 on, endpoints from 127.128.0.0 on.
  private func service(_ number: Int) -> ServiceFile? {
    guard let address = loopback(second: 96, number, port: 80) else { return nil }
    let first = number * plan.scaleEndpointsPerService
    let endpoints = (first..<first + plan.scaleEndpointsPerService).compactMap {
      loopback(second: 128, $0, port: 8080)
    }
    let digits = "\(number)"
    return ServiceFile(
      name: "service-" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits, address: address,
      endpoints: endpoints)
  }

  private func loopback(second: Int, _ number: Int, port: UInt16) -> TCPAddress? {
    TCPAddress("127.\(second + (number >> 16)).\((number >> 8) & 255).\(number & 255)", port)
  }
}
