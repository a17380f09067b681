// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation

/// What the running kernel has of what the design uses: probed, never assumed.
public struct Feature: Sendable, Codable {
  public enum Status: String, Sendable, Codable {
    case available
    case missing
    /// Could not be probed, for lack of privilege.
    case unknown
  }

  /// "program type cgroup_sock_addr", "helper bpf_set_retval", ...
  public let name: String
  public let status: Status
  /// Whether connection mode works without it.
  public let required: Bool
  /// What is lost without it.
  public let without: String

  public init(name: String, status: Status, required: Bool, without: String) {
    self.name = name
    self.status = status
    self.required = required
    self.without = without
  }

  /// Probes everything. Loads and frees small programs and maps; changes nothing.
  public static func probeAll() -> [Feature] {
    // libbpf's probes fail by design where something is missing; what it says about that is not for the terminal.
    let log = LibbpfLog()
    defer { _ = log }
    return programTypes() + helpers() + mapTypes() + kernelFunctions() + [btf(), jit()]
  }

  private static let steering = "connections cannot be steered: connection mode does not work"
  private static let requestMode = "requests are not steered in the kernel: the relay carries them"

  private static func programTypes() -> [Feature] {
    let types: [(bpf_prog_type, String, Bool, String)] = [
      (BPF_PROG_TYPE_CGROUP_SOCK_ADDR, "cgroup_sock_addr", true, steering),
      (BPF_PROG_TYPE_SOCK_OPS, "sock_ops", true, "endpoint health and load cannot be observed"),
      (BPF_PROG_TYPE_CGROUP_SOCK, "cgroup_sock", true, "active connections cannot be counted"),
      (BPF_PROG_TYPE_SYSCALL, "syscall", false, "the differential test cannot run"),
      (BPF_PROG_TYPE_SK_MSG, "sk_msg", false, requestMode),
      (BPF_PROG_TYPE_SK_SKB, "sk_skb", false, requestMode),
    ]
    return types.map { type, name, required, without in
      feature("program type \(name)", libbpf_probe_bpf_prog_type(type, nil), required, without)
    }
  }

  private static func helpers() -> [Feature] {
    let address = BPF_PROG_TYPE_CGROUP_SOCK_ADDR
    let helpers: [(bpf_prog_type, bpf_func_id, String, Bool, String)] = [
      (address, BPF_FUNC_sk_storage_get, "bpf_sk_storage_get in cgroup_sock_addr (Linux 5.8)", true, steering),
      (address, BPF_FUNC_set_retval, "bpf_set_retval in cgroup_sock_addr (Linux 6.1)", true, steering),
      (
        address, BPF_FUNC_get_current_pid_tgid, "bpf_get_current_pid_tgid in cgroup_sock_addr (Linux 6.1)", true,
        steering
      ),
      (address, BPF_FUNC_get_netns_cookie, "bpf_get_netns_cookie in cgroup_sock_addr (Linux 5.7)", true, steering),
      (
        BPF_PROG_TYPE_SOCK_OPS, BPF_FUNC_sk_storage_get, "bpf_sk_storage_get in sock_ops (Linux 5.8)", true,
        "endpoint health and load cannot be observed"
      ),
      (
        BPF_PROG_TYPE_CGROUP_SOCK, BPF_FUNC_sk_storage_get, "bpf_sk_storage_get in cgroup_sock (Linux 5.8)", true,
        "active connections cannot be counted"
      ),
      (
        BPF_PROG_TYPE_SK_MSG, BPF_FUNC_msg_redirect_hash, "bpf_msg_redirect_hash in sk_msg (Linux 4.18)", false,
        requestMode
      ),
      (
        BPF_PROG_TYPE_SK_MSG, BPF_FUNC_sk_storage_get, "bpf_sk_storage_get in sk_msg (Linux 5.8)", false, requestMode
      ),
    ]
    return helpers.map { type, helper, name, required, without in
      feature("helper \(name)", libbpf_probe_bpf_helper(type, helper, nil), required, without)
    }
  }

  private static func mapTypes() -> [Feature] {
    let types: [(bpf_map_type, String, Bool, String)] = [
      (BPF_MAP_TYPE_ARRAY_OF_MAPS, "array_of_maps", true, steering),
      (BPF_MAP_TYPE_SK_STORAGE, "sk_storage", true, steering),
      (BPF_MAP_TYPE_SOCKHASH, "sockhash", false, requestMode),
      (BPF_MAP_TYPE_RINGBUF, "ringbuf", false, "events are not reported"),
    ]
    return types.map { type, name, required, without in
      feature("map type \(name)", libbpf_probe_bpf_map_type(type, nil), required, without)
    }
  }

  /// Kernel functions are called by their BTF names.
  private static func kernelFunctions() -> [Feature] {
    let without = "connections to removed endpoints are not closed"
    guard let btf = btf__load_vmlinux_btf() else {
      return [
        Feature(
          name: "kernel function bpf_sock_destroy (Linux 6.5)", status: .missing, required: false, without: without)
      ]
    }
    defer { btf__free(btf) }
    // BTF_KIND_FUNC of <linux/btf.h>, which libbpf's own header defines a second time.
    let kind: UInt32 = 12
    let id = btf__find_by_name_kind(btf, "bpf_sock_destroy", kind)
    return [feature("kernel function bpf_sock_destroy (Linux 6.5)", id > 0 ? 1 : 0, false, without)]
  }

  private static func btf() -> Feature {
    let present = FileManager.default.fileExists(atPath: "/sys/kernel/btf/vmlinux")
    return feature(
      "kernel BTF (CONFIG_DEBUG_INFO_BTF)", present ? 1 : 0, false, "connections to removed endpoints are not closed")
  }

  private static func jit() -> Feature {
    let text = try? String(contentsOfFile: "/proc/sys/net/core/bpf_jit_enable", encoding: .utf8)
    let enabled = text.map { $0.hasPrefix("0") ? Int32(0) : 1 } ?? -EPERM
    return feature(
      "BPF JIT compiler (net.core.bpf_jit_enable)", enabled, false, "every decision takes several times longer")
  }

  /// Without this a probe is refused, which says nothing about the kernel.
  private static let mayProbe = !Privileges().missing.contains { $0.name == "CAP_BPF" || $0.name == "CAP_NET_ADMIN" }

  /// libbpf's probes answer 1, 0, or a negative error number.
  private static func feature(_ name: String, _ probe: Int32, _ required: Bool, _ without: String) -> Feature {
    let status: Status = probe > 0 ? .available : probe == 0 && mayProbe ? .missing : .unknown
    return Feature(name: name, status: status, required: required, without: without)
  }
}
