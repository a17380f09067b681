// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dataplane
import Foundation
import Logging
import Relay

/// Not asynchronous: the relay is one loop on the thread that runs it.
struct RelayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relay",
    abstract: "Run the relay of this node, which request mode needs.",
    discussion: """
      Accepts the clients of services in request mode (appProtocol: http), keeps warm connections to their endpoints, and
      carries what the kernel does not steer by itself. `swerve run` starts one when it is needed, unless --no-relay is
      given. Without a relay such services are in connection mode.

      A further relay with the same --state-dir takes over: it gets the listeners and the connections, and the running
      one ends when its last request does. So an upgrade is: start the new one. SIGTERM and SIGINT end a relay within ten
      seconds, as soon as its clients are idle.

      EXAMPLES
        swerve relay
        swerve relay --cgroup /sys/fs/cgroup/workloads.slice --request-timeout 30
      """)

  @Option(
    help: "The cgroup v2 directory of `swerve run --cgroup`, joined if need be. (default: the root of the hierarchy)")
  var cgroup: String?

  @Option(
    help: """
      Seconds after which a request without a complete response is answered 504, for services whose policy has no timeout. \
      (default: never)
      """)
  var requestTimeout: Double?

  @OptionGroup var dataplane: DataplaneOptions
  @OptionGroup var log: LogOptions

  func validate() throws {
    if let requestTimeout, !(0.001...86_400).contains(requestTimeout) {
      throw ValidationError("--request-timeout is from 0.001 to 86400 seconds")
    }
  }

  func run() throws {
    try requirePrivileges(orElse: "Without a relay services are in connection mode: swerve run --no-relay")
    try exitingInPlace {
      var options = RelayOptions()
      options.requestTimeout = requestTimeout.map { .seconds($0) }
      let configuration = RelayConfiguration(
        pins: dataplane.pins, stateDirectory: dataplane.stateDir, cgroup: try steeredCgroup(cgroup),
        version: Swerve.version, options: options)
      let relay = try RelayProcess(configuration, logger: log.logger)
      try relay.stopOnSignals()
      try relay.run()
    }
  }
}
