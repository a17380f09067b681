// SPDX-License-Identifier: Apache-2.0

/// The programs that steer requests in the kernel.
public enum Steering {
  /// Their BPF objects.
  private static let objects: Set<String> = ["received", "request", "response", "remote"]

  /// What keeps the kernel from steering requests, one sentence each: programs that are not attached. Without one of them
  /// bytes would wait for a program that never sees them.
  public static func missing(_ pins: PinLayout) -> [String] {
    let missing = Attachment.all.filter { attachment in
      guard objects.contains(attachment.object) else { return false }
      let pinned = try? attachment.pinned(pins)
      return pinned == nil
    }
    guard !missing.isEmpty else { return [] }
    return ["not attached: \(missing.map(\.program).joined(separator: ", ")); `swerve doctor` says what is missing"]
  }
}
