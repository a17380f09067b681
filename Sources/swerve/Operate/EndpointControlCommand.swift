// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Dataplane
import Policy

struct EndpointControlCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endpoint",
    abstract: "Take an endpoint out of rotation by hand, or back.",
    discussion: """
      EXAMPLES
        swerve endpoint eject default/web:http 127.0.1.3:8080 --for 10m
        swerve endpoint restore default/web:http 127.0.1.3:8080
      """,
    subcommands: [Eject.self, Restore.self])

  struct Eject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give an endpoint no new connections and requests.",
      discussion: """
        Works without an agent, and lasts when it restarts. Those under way go on. Without --for it lasts until `swerve
        endpoint restore`; with it the endpoint is then probed with one request, as after any ejection.

        EXAMPLES
          swerve endpoint eject default/web:http 127.0.1.3:8080
          swerve endpoint eject default/web:http 127.0.1.3:8080 --for 90s
        """)

    @OptionGroup var target: EndpointTarget
    @Option(name: .customLong("for"), help: "How long: 500ms, 90s, 10m, 2h. (default: until it is restored)")
    var duration: DurationArgument?

    func run() async throws {
      try await exiting {
        let (control, place) = try target.find()
        guard control.eject(place, for: duration?.duration) else {
          printError("the state of \(target.endpoint.description) changed just now; try again")
          throw ExitCode.failure
        }
        print("\(target.endpoint) of \(target.service) is ejected")
      }
    }
  }

  struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take an ejected endpoint back, whatever it was ejected for.",
      discussion: """
        EXAMPLES
          swerve endpoint restore default/web:http 127.0.1.3:8080
        """)

    @OptionGroup var target: EndpointTarget

    func run() async throws {
      try await exiting {
        let (control, place) = try target.find()
        let isBack = control.restore(place)
        print("\(target.endpoint) of \(target.service) \(isBack ? "is back in rotation" : "was in rotation already")")
      }
    }
  }
}

/// An endpoint of a service in the kernel.
struct EndpointTarget: ParsableArguments {
  @Argument(help: "namespace/name:port", completion: ServiceNames.completion)
  var service: String

  @Argument(help: "Numeric address and port of the endpoint.")
  var endpoint: EndpointPlace

  @OptionGroup var dataplane: DataplaneOptions

  func find() throws -> (BreakerControl, BreakerControl.Place) {
    let node = try NodeSnapshot(dataplane.pins) { $0 == service }
    guard let found = node.services.first else {
      printError("no service is called \(service); `swerve status` lists them")
      throw ExitCode.failure
    }
    let control = BreakerControl(try RequestTables(dataplane.pins))
    guard let place = try control.find(service: found.id, address: endpoint.address, port: endpoint.port) else {
      printError("\(service) has no endpoint \(endpoint); `swerve endpoints \(service)` lists them")
      throw ExitCode.failure
    }
    return (control, place)
  }
}

/// 127.0.1.1:8080, [fd00::1]:8080
struct EndpointPlace: ExpressibleByArgument, CustomStringConvertible {
  let address: IPAddress
  let port: UInt16

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]) else {
      return nil
    }
    let host = argument[..<colon]
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    guard let address = IPAddress(String(isBracketed ? host.dropFirst().dropLast() : host)) else { return nil }
    self.address = address
    self.port = port
  }

  var description: String { Frontend(address: address, port: port).description }
}

/// The services in the kernel, for shell completion.
enum ServiceNames {
  static let completion = CompletionKind.custom { _, _, _ in
    (try? NodeSnapshot(PinLayout(path: PinLayout.defaultPath)))?.services.map(\.name) ?? []
  }
}
