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

  /// Every attachment of the dataplane. The hooks that observe come before the one that steers, so that no connection is
  /// steered unobserved.
  static let all = [
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
    let cgroup = hook == .cgroup ? info.cgroup.cgroup_id : 0
    return Pinned(descriptor: descriptor, linkID: info.id, programID: info.prog_id, cgroupID: cgroup)
  }

  /// Whether the pinned link is attached where it should be.
  func isInPlace(_ link: Pinned, _ cgroup: CgroupPath) -> Bool {
    hook == .iterator || link.cgroupID == cgroup.id
  }

  /// Attaches `object`'s program: an existing link in the right place takes it over without a gap, any other is replaced.
  func attach(_ object: ProgramObject, _ pins: PinLayout, _ cgroup: CgroupPath) throws(DataplaneError) {
    let loaded = try object.program(program)
    // An iterator's link can take no other program; nothing is lost in the moment between two of them.
    if hook == .cgroup, let link = try pinned(pins), isInPlace(link, cgroup) {
      let result = bpf_link_update(link.descriptor.raw, bpf_program__fd(loaded), nil)
      guard result == 0 else {
        throw DataplaneError(.program, "update the link of program \(program)", errno: errorNumber(result))
      }
      return
    }
    unlink(pins.link(program))
    let log = LibbpfLog()
    let link =
      hook == .cgroup
      ? bpf_program__attach_cgroup(loaded, cgroup.descriptor.raw) : bpf_program__attach_iter(loaded, nil)
    guard let link else {
      throw DataplaneError(.program, "attach program \(program) to \(cgroup.path)", errno: errno, log: log.tail())
    }
    let result = bpf_link__pin(link, pins.link(program))
    bpf_link__destroy(link)
    guard result == 0 else {
      throw DataplaneError(.program, "pin the link of program \(program)", errno: errorNumber(result), log: log.tail())
    }
  }
}
