// SPDX-License-Identifier: Apache-2.0

internal import CFuzzer
internal import Glibc

/// Hands libFuzzer's inputs to the target that FUZZ_TARGET names; libFuzzer's own arguments are those of the process, and
/// of the processes it starts.
public enum FuzzDriver {
  public typealias Target = (UnsafeRawBufferPointer) -> Void

  // Set once, before libFuzzer calls back.
  nonisolated(unsafe) private static var target: Target = { _ in }

  /// - Returns: the status to exit with.
  public static func run(_ targets: [String: Target]) -> Int32 {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let chosen = targets[name] else {
      print("FUZZ_TARGET is '\(name)', and not one of \(targets.keys.sorted().joined(separator: ", "))")
      return 64
    }
    target = chosen
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    return withUnsafeMutablePointer(to: &arguments) { arguments in
      LLVMFuzzerRunDriver(&count, arguments) { base, byteCount in
        FuzzDriver.target(UnsafeRawBufferPointer(start: base, count: byteCount))
        return 0
      }
    }
  }
}
