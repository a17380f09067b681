// SPDX-License-Identifier: Apache-2.0

/// A request that cannot be read, or a message that cannot be written.
public struct OTLPError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong; what a server answers follows from it.
  public enum Code: Sendable {
    /// The input ends in the middle of a field.
    case truncated
    /// The bytes are not the encoding they should be.
    case malformed
    /// A string is not UTF-8.
    case invalidText
    /// A JSON value is of another kind than its field, or out of its range.
    case invalidValue
    /// Messages are nested deeper than 100 levels.
    case tooDeep
    /// The input, or what it needs in memory, is larger than the limits allow.
    case tooLarge
  }

  public let code: Code
  /// The field, as a path in the words of JSON: "resourceMetrics[0].scopeMetrics[2].metrics[7].name". Empty when the
  /// fault is in no field of the definitions.
  public let place: String
  /// How many bytes of the input are before the fault.
  public let offset: Int
  /// A clause: "the text is not UTF-8".
  public let reason: String

  public init(_ code: Code, place: String = "", offset: Int = 0, reason: String) {
    self.code = code
    self.place = place
    self.offset = offset
    self.reason = reason
  }

  public var description: String { "\(place.isEmpty ? "message" : place): \(reason) (byte \(offset))" }
}
