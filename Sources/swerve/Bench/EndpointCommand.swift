// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Testbed

/// `swerve endpoint-server`: an ``HTTPEndpoint`` in a process of its own, so that it can be killed.
struct EndpointCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endpoint-server",
    abstract: "Answer HTTP/1.1 requests, for demos and tests.",
    usage: "swerve endpoint-server --listen 127.0.1.1:8080 --name a --service-time 5ms",
    shouldDisplay: false)

  @Option(help: "Numeric address and port to listen on; port 0 picks one.")
  var listen: AddressArgument
  @Option(help: "Sent in the header x-endpoint.")
  var name: String
  @Option(help: "Time from request to response: 250us, 5ms, 1s.")
  var serviceTime = DurationArgument(.zero)

  @Option(help: "Read on every request: well, slow 250ms, status 500, hang.")
  var behaviour: String?

  func run() async throws {
    let endpoint = try await HTTPEndpoint.start(
      name: name, on: listen.address, serviceTime: serviceTime.duration, behaviourFile: behaviour)
    print("\(name) listens on \(endpoint.address)")
    // Whoever started us waits for that line.
    fflush(nil)
    // Until SIGTERM, whose default is to end the process, or SIGKILL.
    while true { try await Task.sleep(for: .seconds(3600)) }
  }
}
