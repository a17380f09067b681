// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation
import SwerveABI
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

extension KernelTests {
  @Suite struct LifecycleTests {
    @Test func aKilledAgentIsSucceededOnTheSameLinksAndPrograms() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        let connection = try fixture.cgroup.withCurrentProcess { try RawConnection(to: backend.vip) }
        let before = try attachments(fixture.pins)
        fixture.kill()
        try connection.send([1])
        let takeover = try fixture.restart()
        #expect(takeover < .seconds(2))
        #expect(try fixture.report().origin == "adopted")
        #expect(try attachments(fixture.pins) == before)
        try connection.send([1])
        #expect(try NodeSnapshot(fixture.pins).services.first?.active == 1)
      }
    }

    @Test func withoutAnAgentTheKernelSteersOn() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        fixture.kill()
        let landings = try fixture.cgroup.withCurrentProcess { try backend.landings(40) }
        #expect(landings == [10, 10, 10, 10])
      }
    }

    @Test func programsOfAnotherBuildAreReplacedOnTheSameLinksAndMaps() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        let connection = try fixture.cgroup.withCurrentProcess { try RawConnection(to: backend.vip) }
        let before = try attachments(fixture.pins)
        fixture.kill()
        let tables = try #require(try Tables(fixture.pins))
        try tables.node.modify(0) { $0.pointee.build = 1 }
        try fixture.restart()
        #expect(try fixture.report().origin == "upgraded")
        let after = try attachments(fixture.pins)
        for attachment in Attachment.all where attachment.hook.isCgroup {
          #expect(after[attachment.program]?.link == before[attachment.program]?.link)
          #expect(after[attachment.program]?.program != before[attachment.program]?.program)
        }
        #expect(try connection.peerName() == backend.vip.description)
        #expect(try NodeSnapshot(fixture.pins).services.first?.active == 1)
      }
    }

    @Test func mapsOfAnotherVersionAreLeftBehind() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        fixture.kill()
        // As an older version would have left it: its own directory of maps, and the links.
        let older = "\(fixture.pins.path)/v0"
        try #require(rename(fixture.pins.maps, older) == 0)
        let links = try Dataplane.linkIDs(fixture.pins)
        try fixture.restart()
        #expect(!FileManager.default.fileExists(atPath: older))
        #expect(try Dataplane.linkIDs(fixture.pins)["swerve_connect4"] == links["swerve_connect4"])
        let landings = try fixture.cgroup.withCurrentProcess { try backend.landings(40) }
        #expect(landings == [10, 10, 10, 10])
      }
    }

    @Test func aSecondAgentOnTheSamePinsIsRefused() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        let rival = try fixture.rival()
        #expect(try rival.process.wait(timeout: .seconds(10)) == .exited(75))
        #expect(rival.process.errors.contains("another swerve agent is using it"))
        #expect(fixture.agent.process.ended == nil)
        let uninstall = try fixture.run("uninstall")
        #expect(uninstall.ended == .exited(75))
        #expect(try NodeSnapshot(fixture.pins).services.count == 1)
      }
    }

    @Test func aBadFileLeavesTheLastGoodInForceAlsoAfterARestart() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        try Files.replace("\(fixture.policies.path)/web.yaml", with: "kind: Service\nmetadata: {nam: web}\n")
        try fixture.waitForReport { $0.rejectedFiles.count == 1 }
        #expect(try fixture.report().rejectedFiles[0].hasLastGood)
        fixture.kill()
        try fixture.restart()
        #expect(try fixture.report().rejectedFiles[0].hasLastGood == false)
        let status = try fixture.run("status")
        #expect(status.ended == .exited(0))
        #expect(status.output.contains("web.yaml:"))
        let landings = try fixture.cgroup.withCurrentProcess { try backend.landings(40) }
        #expect(landings == [10, 10, 10, 10])
      }
    }

    @Test func aServiceWhoseFileWentWhileNoAgentRanIsRemoved() throws {
      let web = try Backend(hosts: fourHosts)
      let api = try Backend(vip: "127.96.0.2", hosts: fourHosts)
      try AgentFixture.with([web.file(), api.file(name: "api")]) { fixture in
        fixture.kill()
        try FileManager.default.removeItem(atPath: "\(fixture.policies.path)/api.yaml")
        try fixture.restart()
        #expect(try NodeSnapshot(fixture.pins).services.map(\.name) == ["default/web:http"])
      }
    }

    @Test func sigtermEndsTheAgentAndNotTheSteering() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        #expect(fixture.agent.process.terminate(timeout: .seconds(5)) == .exited(0))
        let landings = try fixture.cgroup.withCurrentProcess { try backend.landings(40) }
        #expect(landings == [10, 10, 10, 10])
        let status = try fixture.run("status")
        #expect(status.output.contains("not running; the kernel steers on"))
      }
    }

    @Test func sighupReadsThePolicyAgain() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        let before = try fixture.report().publications
        fixture.agent.process.signal(SIGHUP)
        try fixture.waitForReport { $0.publications > before }
      }
    }

    @Test func uninstallLeavesNothing() throws {
      let backend = try Backend(hosts: fourHosts)
      var programs: [UInt32] = []
      try AgentFixture.with([backend.file()]) { fixture in
        programs = try attachments(fixture.pins).values.map(\.program)
        #expect(programs.count == Attachment.all.count)
      }
      // AgentFixture has uninstalled and checked the pins; the kernel frees programs after a grace period.
      for _ in 0..<200 where programs.contains(where: exists) { MonotonicClock.sleep(.milliseconds(10)) }
      #expect(!programs.contains(where: exists))
    }

    /// Link and program ids by program name.
    private func attachments(_ pins: PinLayout) throws -> [String: Identifiers] {
      var found: [String: Identifiers] = [:]
      for attachment in Attachment.all {
        found[attachment.program] = try attachment.pinned(pins).map {
          Identifiers(link: $0.linkID, program: $0.programID)
        }
      }
      return found
    }

    private struct Identifiers: Equatable {
      let link: UInt32
      let program: UInt32
    }

    private func exists(_ program: UInt32) -> Bool {
      let descriptor = bpf_prog_get_fd_by_id(program)
      if descriptor >= 0 { close(descriptor) }
      return descriptor >= 0
    }
  }
}
