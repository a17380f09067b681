// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testbed
import Testing

extension KernelTests.RequestModeTests {
  /// Large bodies, slow ends and many clients.
  @Suite struct VolumeTests {
    private static let patience = Duration.seconds(RequestVolume.isFull ? 300 : 60)

    @Test(arguments: [RequestService.files, .remoteFiles])
    func aLargeBodyComesWhole(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.runClient("download", service, ["/large", "\(RequestVolume.largeBytes)"], timeout: Self.patience)
      }
    }

    @Test(arguments: [RequestService.local, .remote], [0, 65_536])
    func aLargeBodyArrivesWhole(_ service: RequestService, _ chunk: Int) throws {
      try RequestNode.use { node in
        let size = RequestVolume.largeBytes / (chunk == 0 ? 1 : 4)
        try node.runClient("upload", service, ["\(size)", "\(chunk)"], timeout: Self.patience)
      }
    }

    /// Unread bytes of a redirect are kernel memory: they are bounded by the credit, whatever the endpoint sends.
    @Test(arguments: [RequestService.files, .remoteFiles])
    func aSlowReaderIsGivenCreditOnly(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let client = try node.startClient(
          "download", service.vip, ["/large", "\(RequestVolume.largeBytes)", "1024"])
        var unreadMax: Int64 = 0
        for _ in 0..<60 {
          MonotonicClock.sleep(.milliseconds(25))
          unreadMax = node.openClients.map { Int64($0.queued) - Int64($0.consumed) }.reduce(unreadMax, max)
        }
        #expect(client.ended == nil, "\(client.errors)")
        client.kill()
        // Beyond what is redirected: the relay's buffers and TCP's between it and the client.
        let limit = Int64(SWERVE_CREDIT_BYTES) + (1 << 20)
        #expect(unreadMax > 65_536)
        #expect(unreadMax <= limit, "\(unreadMax) bytes unread")
      }
    }

    @Test(arguments: [RequestService.local, .remote])
    func aSlowEndpointIsGivenCreditOnly(_ service: RequestService) throws {
      try RequestNode.use { node in
        try node.warm(service)
        let client = try HTTPConnection(service.vip, timeout: .milliseconds(300))
        try client.send("POST /slow-reader/500 HTTP/1.1\r\nHost: test\r\nContent-Length: 50000000\r\n\r\n")
        let piece = patterned(1 << 20)
        var sent = 0
        // Until nobody takes more of it.
        while sent < 50, (try? client.raw.send(piece)) != nil { sent += 1 }
        #expect(sent < 40)
        let unread = node.slotsInUse.map { Int64($0.queued) - Int64($0.consumed) }.max() ?? 0
        #expect(unread <= Int64(SWERVE_CREDIT_BYTES) + (1 << 20), "\(unread) bytes unread")
        client.raw.resetOnClose()
        client.raw.close()
      }
    }

    /// Clients that keep an idle connection cost the relay little, and no warm connection.
    @Test func idleClientsAreCheap() throws {
      try RequestNode.use { node in
        try node.warm()
        let count = RequestVolume.idleClients
        let pid = try node.relayPid
        let before = try residentBytes(pid)
        let holder = try node.startClient("hold", RequestService.local.vip, ["\(count)"])
        eventually("not all are connected: \(holder.errors)", within: .seconds(30)) {
          holder.output.contains("holding")
        }
        let perClient = (try residentBytes(pid) - before) / count
        print("\(count) idle clients, \(perClient) bytes of the relay's memory each")
        #expect(perClient <= 4096)
        #expect(node.openClients.count >= count)
        #expect(node.warmCounts.allSatisfy { $0 <= 64 })
        let client = try HTTPConnection(RequestService.local.vip)
        #expect(try client.get("/name").status == 200)
        holder.kill()
      }
    }

    private func residentBytes(_ pid: Int32) throws -> Int {
      let fields = try Files.read("/proc/\(pid)/statm").split(separator: " ")
      return try #require(Int(fields[1])) * Int(getpagesize())
    }
  }
}

extension RequestNode {
  /// The slots that a request has leased.
  var slotsInUse: [swerve_slot] {
    (0..<UInt32(tables.slots.count)).compactMap { tables.slots[$0]?.pointee }
      .filter { $0.stage != UInt32(SWERVE_STAGE_IDLE.rawValue) }
  }
}
