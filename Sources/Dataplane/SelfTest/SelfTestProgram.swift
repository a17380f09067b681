// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation

/// The programs and maps of bpf/selftest.bpf.c, gone with the value.
final class SelfTestProgram {
  private let object: ProgramObject
  private let sockets: Int32
  private let routes: Int32
  private let adopter: Int32

  /// Loads the programs and attaches them to their map.
  init(queuesArrivals: Bool) throws(DataplaneError) {
    object = try ProgramObject(name: "selftest", image: ProgramImages.image("selftest"), pins: nil)
    sockets = try object.map("test_sockets")
    routes = try object.map("test_routes")
    adopter = bpf_program__fd(try object.program("swerve_selftest_adopt"))
    try attach("swerve_selftest_send", BPF_SK_MSG_VERDICT)
    if queuesArrivals { try attach("swerve_selftest_arrive", BPF_SK_SKB_VERDICT) }
  }

  private func attach(_ name: String, _ type: bpf_attach_type) throws(DataplaneError) {
    let log = LibbpfLog()
    let result = bpf_prog_attach(bpf_program__fd(try object.program(name)), sockets, type, 0)
    guard result == 0 else {
      throw DataplaneError(.program, "attach program \(name)", errno: errorNumber(result), log: log.tail())
    }
  }

  /// Puts a socket under test.
  func insert(_ socket: Int32, at index: UInt32) throws(DataplaneError) {
    var key = index
    var value = UInt64(socket)
    let result = bpf_map_update_elem(sockets, &key, &value, UInt64(BPF_ANY))
    guard result == 0 else { throw DataplaneError(.map, "add a socket to test_sockets", errno: errorNumber(result)) }
  }

  /// The same for the server's end of a connection that is not accepted yet. Ports in host byte order.
  func adopt(clientPort: UInt16, serverPort: UInt16, at index: UInt32) throws(DataplaneError) {
    var context = __sk_buff()
    context.cb.0 = INADDR_LOOPBACK.bigEndian
    context.cb.1 = UInt32(clientPort.bigEndian)
    context.cb.2 = UInt32(serverPort.bigEndian)
    context.cb.3 = index
    // Test-run wants an Ethernet header at least.
    var packet = [UInt8](repeating: 0, count: 64)
    var options = bpf_test_run_opts()
    options.sz = MemoryLayout<bpf_test_run_opts>.size
    let result = withUnsafeMutableBytes(of: &context) { context in
      packet.withUnsafeMutableBytes { packet in
        options.ctx_in = UnsafeRawPointer(context.baseAddress)
        options.ctx_size_in = UInt32(context.count)
        options.data_in = UnsafeRawPointer(packet.baseAddress)
        options.data_size_in = UInt32(packet.count)
        return bpf_prog_test_run_opts(adopter, &options)
      }
    }
    guard result == 0 else { throw DataplaneError(.program, "run program adopt", errno: errorNumber(result)) }
    guard options.retval == 0 else { throw DataplaneError(.map, "add a socket before it is accepted") }
  }

  /// Redirects what the socket with this local port sends to the socket at `index`; nil leaves it to TCP.
  func route(from port: UInt16, to index: UInt32?) throws(DataplaneError) {
    var key = UInt32(port)
    guard var target = index else {
      bpf_map_delete_elem(routes, &key)
      return
    }
    let result = bpf_map_update_elem(routes, &key, &target, UInt64(BPF_ANY))
    guard result == 0 else { throw DataplaneError(.map, "add to test_routes", errno: errorNumber(result)) }
  }
}

/// 127.0.0.1 in host byte order (<netinet/in.h>).
let INADDR_LOOPBACK: UInt32 = 0x7f00_0001
