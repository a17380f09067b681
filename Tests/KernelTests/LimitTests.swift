// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

extension KernelTests {
  /// Every table filled to its bound: the next entry is refused with a reason, what is there works on, and a freed place
  /// is taken.
  @Suite struct LimitTests {
    @Test func theServiceTableRefusesOneMoreAndTakesItWhenThereIsRoom() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        let others = (1..<Int(SWERVE_SERVICES_MAX)).map { service($0, endpoints: []) }
        #expect(try node.publish(others).refused == [:])
        let extra = service(Int(SWERVE_SERVICES_MAX), endpoints: [])
        let report = try node.publish([extra])
        #expect(report.published == 0)
        #expect(report.refused.keys.first == extra.name)
        #expect(report.refused.values.first?.hasPrefix("service_table_full") == true)
        let landings = try node.inside { try backend.landings(40) }
        #expect(landings == [10, 10, 10, 10])

        let afterwards = try node.publish([], removing: [others[0].name])
        #expect(afterwards.refused == [:])
        #expect(afterwards.published == 1)
        #expect(try node.snapshot(extra.name).name == extra.name)
      }
    }

    @Test func theEndpointTableRefusesOneMoreAndTakesItWhenThereIsRoom() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        let perService = Int(SWERVE_SET_ENDPOINTS_MAX)
        let full = (1...3).map { service($0, endpoints: endpoints(perService)) }
        let rest = service(4, endpoints: endpoints(Int(SWERVE_ENDPOINTS_MAX) - 3 * perService - 4))
        #expect(try node.publish(full + [rest]).refused == [:])
        let extra = service(5, endpoints: endpoints(1))
        let report = try node.publish([extra])
        #expect(report.refused[extra.name]?.hasPrefix("endpoint_table_full") == true)
        let landings = try node.inside { try backend.landings(40) }
        #expect(landings == [10, 10, 10, 10])
        // The ids of endpoints that left are free again after a second.
        #expect(try node.publish([], removing: [rest.name]).refused.count == 1)
        MonotonicClock.sleep(.milliseconds(1100))
        #expect(try node.publish([]).refused == [:])
      }
    }

    @Test func anAddressGivenUpForAServiceThereIsNoRoomForIsNoLongerSteered() throws {
      let backend = try Backend(hosts: fourHosts)
      let web = try backend.service()
      try Node.with([web]) { node in
        try node.publish((1..<Int(SWERVE_SERVICES_MAX)).map { service($0, endpoints: []) })
        let moved = Service(
          name: web.name, frontends: [Frontend(address: IPAddress(ipv4: 0x7f60_0909), port: 80)],
          loadBalancer: web.loadBalancer, endpoints: web.endpoints, source: web.source)
        let heir = Service(
          name: "limit/heir:http", frontends: web.frontends, loadBalancer: .random, endpoints: web.endpoints,
          source: web.source)
        #expect(try node.publish([moved, heir]).refused.count == 1)
        let address = swerve_frontend(web.frontends[0])
        #expect(try node.dataplane.tables.frontends.read(address) == nil)
      }
    }

    @Test func theFrontendMapRefusesWhatDoesNotFit() throws {
      try Node.with { node in
        let entries = (0...UInt32(SWERVE_FRONTENDS_MAX)).map { number in
          (swerve_frontend(Frontend(address: IPAddress(ipv4: 0x7f60_0000 + number), port: 80)), UInt32(0))
        }
        let error = #expect(throws: DataplaneError.self) { try node.dataplane.tables.frontends.update(entries) }
        #expect(error?.code == .full)
        #expect("\(error.map { "\($0)" } ?? "")".contains("entry \(SWERVE_FRONTENDS_MAX + 1)"))
      }
    }

    private func service(_ number: Int, endpoints: [Endpoint]) -> Service {
      Service(
        name: "limit/s\(number):http",
        frontends: [Frontend(address: IPAddress(ipv4: 0x7f61_0000 + UInt32(number)), port: 80)],
        loadBalancer: .leastRequest, endpoints: endpoints, source: SourceLocation(file: "test.yaml", line: 1, column: 1)
      )
    }

    private func endpoints(_ count: Int) -> [Endpoint] {
      (0..<UInt32(count)).map { Endpoint(address: IPAddress(ipv4: 0x7f80_0000 + $0), port: 8080) }
    }
  }
}
