// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Simulator

/// Policy files that take the place of a scenario's own.
struct PolicySet: Hashable, Sendable {
  /// What its rows are called.
  var label: String
  /// As they were written, each after its `--policies`.
  var arguments: [String]
  /// Files and directories, relative to the working directory.
  var paths: [String]
  /// Which service of them; nil: the one that the scenario names, or the only one.
  var service: String?
}

struct PolicyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A policy file or a directory of them, in the place of the scenario's own. Several are sets of their own, called "
        + "by their label; a label given twice is one set.",
      valueName: "[label=]path"),
    completion: .file())
  var policies: [String] = []

  @Option(
    help: ArgumentHelp("Which service of the policy files, if there are several.", valueName: "namespace/name:port"))
  var service: String?

  private static let labelCharactersMax = 32

  func validate() throws {
    if service != nil, policies.isEmpty {
      throw ValidationError("--service is one of policy files; name them with --policies")
    }
    for argument in policies {
      let (label, path) = Self.split(argument)
      if let label, label.count > Self.labelCharactersMax || label.contains(where: { !$0.isASCII || $0 < " " }) {
        throw ValidationError(
          "--policies \(argument): a label has at most \(Self.labelCharactersMax) characters, plain ones")
      }
      if path.isEmpty { throw ValidationError("--policies \(argument): a path is missing") }
      if path == "-" { throw ValidationError("--policies takes files and directories, not standard input") }
    }
  }

  /// In the order of their labels' first appearance; none: every scenario goes by its own files.
  var sets: [PolicySet] {
    let written = policies.map { (argument: $0, parts: Self.split($0)) }
    var sets: [PolicySet] = []
    for (argument, (label, path)) in written {
      let derived = Self.label(of: path)
      // Two directories called `policies` are two sets: then paths tell them apart.
      let isTaken = written.contains { other in
        other.argument != argument && (other.parts.label ?? Self.label(of: other.parts.path)) == derived
      }
      let name = label ?? (isTaken ? path : derived)
      if let index = sets.firstIndex(where: { $0.label == name }) {
        if sets[index].arguments.contains(argument) { continue }
        sets[index].arguments.append(argument)
        sets[index].paths.append(path)
      } else {
        sets.append(PolicySet(label: name, arguments: [argument], paths: [path], service: service))
      }
    }
    return sets
  }

  /// `label=path`; what has a slash before the `=` is a path as a whole.
  private static func split(_ argument: String) -> (label: String?, path: String) {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex, !argument[..<sign].contains("/") else {
      return (nil, argument)
    }
    return (String(argument[..<sign]), String(argument[argument.index(after: sign)...]))
  }

  /// The last name of the path, without the ending of a YAML file.
  private static func label(of path: String) -> String {
    let name = URL(filePath: path).standardizedFileURL.lastPathComponent
    for ending in [".yaml", ".yml", ".json"] where name.hasSuffix(ending) && name.count > ending.count {
      return String(name.dropLast(ending.count))
    }
    return name
  }
}
