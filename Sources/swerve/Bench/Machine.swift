// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testbed

/// Where the figures come from; without it they mean nothing.
struct Machine: Codable, Sendable {
  let kernel: String
  let architecture: String
  let cores: Int
  let cpu: String
  let memoryBytes: Int
  /// "release" or "debug"; only the first is worth publishing.
  let build: String

  static func current() -> Machine {
    var name = utsname()
    uname(&name)
    let cpuInfo = (try? Files.read("/proc/cpuinfo")) ?? ""
    let model = cpuInfo.split(separator: "\n").first { $0.hasPrefix("model name") }
    return Machine(
      kernel: text(name.release), architecture: text(name.machine), cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      cpu: model?.split(separator: ":").last.map { String($0.drop { $0 == " " }) } ?? "unknown",
      memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)), build: build)
  }

  private static var build: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  private static func text<Tuple>(_ tuple: Tuple) -> String {
    withUnsafeBytes(of: tuple) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
