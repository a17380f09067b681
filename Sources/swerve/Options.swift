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
