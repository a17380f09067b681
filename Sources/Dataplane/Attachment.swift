// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation

/// A program and where it is attached. Its link is pinned, so that it stays when the agent goes.
struct Attachment: Sendable {
  enum Hook: Sendable {
    /// The agent's cgroup; the program sees every socket of the processes in it.
    case cgroup
    /// An iterator: run by reading the pinned link.
    case iterator
    /// A kernel tracepoint, for the whole node.
    case tracepoint
    /// The sockets of a map.
    case map(String, bpf_attach_type)

    var isCgroup: Bool { if case .cgroup = self { true } else { false } }
  }

  let object: String
  let program: String
  let hook: Hook
  /// What is lost without it; nil when the dataplane is nothing without it.
  let optional: String?

  init(_ object: String, _ program: String, _ hook: Hook = .cgroup, optional: String? = nil) {
    self.object = object
    self.program = program
    self.hook = hook
    self.optional = optional
  }

  private static let requestMode = "requests are not steered in the kernel, the relay carries them (needs Linux 6.10)"

  /// Every attachment of the dataplane. The hooks that observe come before the one that steers, so that no connection is
  /// steered unobserved; the programs of a map come before those that put sockets into it.
  static let all = [
    Attachment("received", "swerve_received", .tracepoint, optional: requestMode),
    Attachment("request", "swerve_request", .map("client_sockets", BPF_SK_MSG_VERDICT), optional: requestMode),
    Attachment(
      "response", "swerve_server_pass", .map("server_sockets", BPF_SK_SKB_STREAM_VERDICT), optional: requestMode),
    Attachment("response", "swerve_response", .map("server_sockets", BPF_SK_MSG_VERDICT), optional: requestMode),
    Attachment(
      "remote", "swerve_remote_response", .map("pool_sockets", BPF_SK_SKB_STREAM_VERDICT), optional: requestMode),
    Attachment("sockops", "swerve_sockops"),
    Attachment("sockops", "swerve_sock_release"),
    Attachment("connect", "swerve_getpeername4"),
    Attachment("connect", "swerve_getpeername6"),
    Attachment("connect", "swerve_connect4"),
    Attachment("connect", "swerve_connect6"),
    Attachment(
      "stale", "swerve_close_stale", .iterator,
      optional: "connections to removed endpoints are not closed (needs bpf_sock_destroy, Linux 6.5)"),
  ]

  /// What the kernel says about a pinned link.
  struct Pinned {
    let descriptor: Descriptor
    let linkID: UInt32
    let programID: UInt32
    /// Inode of the cgroup it is attached to; 0 when that is gone, or for an iterator.
    let cgroupID: UInt64
  }

  /// The link pinned for this program, nil when there is none.
  func pinned(_ pins: PinLayout) throws(DataplaneError) -> Pinned? {
    guard let descriptor = try Descriptor.pinned(pins.link(program)) else { return nil }
    var info = bpf_link_info()
    var size = UInt32(MemoryLayout<bpf_link_info>.size)
    let result = bpf_obj_get_info_by_fd(descriptor.raw, &info, &size)
    guard result == 0 else {
      throw DataplaneError(.program, "ask about link \(pins.link(program))", errno: errorNumber(result))
    }
    let cgroup = hook.isCgroup ? info.cgroup.cgroup_id : 0
    return Pinned(descriptor: descriptor, linkID: info.id, programID: info.prog_id, cgroupID: cgroup)
  }

  /// Whether the pinned link is attached where it should be.
  func isInPlace(_ link: Pinned, _ cgroup: CgroupPath) -> Bool {
    !hook.isCgroup || link.cgroupID == cgroup.id
  }

  /// Attaches `object`'s program: an existing link in the right place takes it over without a gap, any other is replaced.
  func attach(_ object: ProgramObject, _ pins: PinLayout, _ cgroup: CgroupPath) throws(DataplaneError) {
    let loaded = try object.program(program)
    // Only a cgroup's link takes another program. An iterator or tracepoint loses a moment; a map has a new version only
    // with new maps, or else keeps its sockets' programs until they close.
    if hook.isCgroup, let link = try pinned(pins), isInPlace(link, cgroup) {
      let result = bpf_link_update(link.descriptor.raw, bpf_program__fd(loaded), nil)
      guard result == 0 else {
        throw DataplaneError(.program, "update the link of program \(program)", errno: errorNumber(result))
      }
      return
    }
    unlink(pins.link(program))
    if case .map(let name, let type) = hook { return try attach(loaded, to: pins.map(name), type, pins) }
    let log = LibbpfLog()
    let link =
      switch hook {
      case .cgroup: bpf_program__attach_cgroup(loaded, cgroup.descriptor.raw)
      case .iterator: bpf_program__attach_iter(loaded, nil)
      case .tracepoint, .map: bpf_program__attach(loaded)
      }
    guard let link else {
      throw DataplaneError(.program, "attach program \(program)", errno: errno, log: log.tail())
    }
    let result = bpf_link__pin(link, pins.link(program))
    bpf_link__destroy(link)
    guard result == 0 else {
      throw DataplaneError(.program, "pin the link of program \(program)", errno: errorNumber(result), log: log.tail())
    }
  }

  /// Attaches a program to a map of sockets (BPF_LINK_CREATE, Linux 6.10; libbpf 1.1 has no function of its own for it).
  private func attach(
    _ loaded: OpaquePointer, to path: String, _ type: bpf_attach_type, _ pins: PinLayout
  ) throws(DataplaneError) {
    guard let map = try Descriptor.pinned(path) else {
      throw DataplaneError(.map, "open map \(path)", errno: ENOENT)
    }
    let raw = bpf_link_create(bpf_program__fd(loaded), map.raw, type, nil)
    guard raw >= 0 else {
      throw DataplaneError(.program, "attach program \(program) to map \(path)", errno: errorNumber(raw))
    }
    let link = Descriptor(owning: raw)
    let result = bpf_obj_pin(link.raw, pins.link(program))
    guard result == 0 else {
      throw DataplaneError(.program, "pin the link of program \(program)", errno: errorNumber(result))
    }
  }
}
