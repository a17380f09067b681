// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What an endpoint does with its requests, so that a schedule of faults can be played on a real one.
public enum EndpointBehaviour: Equatable, Sendable, CustomStringConvertible {
  case well
  /// Answers after so much more time.
  case slow(Duration)
  /// Answers at once with another status.
  case status(Int)
  /// Takes requests and never answers.
  case hang

  /// The text of a behaviour file: "well", "slow 250ms", "status 500", "hang".
  public init?(_ text: String) {
    let words = text.split(whereSeparator: \.isWhitespace)
    switch (words.first, words.dropFirst().first) {
    case ("well", nil): self = .well
    case ("hang", nil): self = .hang
    case ("slow", let time?):
      guard time.hasSuffix("ms"), let count = Int(time.dropLast(2)), count >= 0 else { return nil }
      self = .slow(.milliseconds(count))
    case ("status", let code?):
      guard let status = Int(code), (200...599).contains(status) else { return nil }
      self = .status(status)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .well: "well"
    case .slow(let time): "slow \(Int(time.seconds * 1000))ms"
    case .status(let status): "status \(status)"
    case .hang: "hang"
    }
  }

  /// What the file says now; well while it says nothing that is understood.
  static func read(_ path: String) -> EndpointBehaviour {
    (try? Files.read(path)).flatMap(EndpointBehaviour.init) ?? .well
  }

  /// Puts it into force for the endpoint that reads the file.
  public func write(to path: String) throws {
    try Files.replace(path, with: description)
  }
}
