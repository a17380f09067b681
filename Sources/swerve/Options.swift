// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Dataplane
import Foundation

/// Where an installed dataplane is found.
struct DataplaneOptions: ParsableArguments {
  @Option(help: "Directory on a bpffs that holds the dataplane's pins.", completion: .directory)
  var pinPath = PinLayout.defaultPath

  @Option(help: "Directory of the agent's own files.", completion: .directory)
  var stateDir = AgentConfiguration.defaultStateDirectory

  var pins: PinLayout { PinLayout(path: pinPath) }
}

/// The cgroup that was named, or the root of the hierarchy.
func steeredCgroup(_ named: String?) throws(DataplaneError) -> String {
  if let path = named ?? CgroupPath.mountPoint() { return path }
  throw DataplaneError(
    .environment, "find a cgroup v2 hierarchy", advice: "mount one: mount -t cgroup2 none /sys/fs/cgroup")
}

/// Says which capability is missing before anything is tried.
///
/// - Parameter alternative: what can be done without, one sentence.
func requirePrivileges(orElse alternative: String) throws {
  let missing = Privileges().missing.filter(\.required)
  guard !missing.isEmpty else { return }
  let names = missing.map { "\($0.name) (\($0.purpose))" }.joined(separator: ", ")
  let all = Privileges.needed.map { $0.name.lowercased() }.joined(separator: ",")
  printError(
    """
    this process lacks \(names).
    Run it as root, or grant the capabilities: setcap \(all)+ep "$(command -v swerve)"
    \(alternative)
    """)
  throw ExitCode.privilege
}

/// How results are printed.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print JSON.")
  var json = false

  /// Prints `value` as JSON with sorted keys and ISO 8601 dates.
  static func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

/// Where the node is.
struct LocalityOptions: ParsableArguments {
  @Option(help: "The zone of this node, as EndpointSlices have it; locality load balancing needs it.")
  var zone: String?
}
