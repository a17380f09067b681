// SPDX-License-Identifier: Apache-2.0

extension ChildProcess {
  /// How a program ended and what it said.
  public struct Result: Sendable {
    /// Nil when its time was up: it was killed.
    public let termination: Termination?
    public let output: String
    public let errors: String

    public var isSuccess: Bool { termination == .exited(0) }
  }

  /// Waits for its end without holding up other tasks, and kills it when its time is up.
  public func result(within timeout: Duration = .seconds(30)) async -> Result {
    await blocking {
      let termination = waitUninterrupted(timeout: timeout)
      if termination == nil { kill() }
      return Result(termination: termination, output: output, errors: errors)
    }
  }

  /// Runs a program to its end without holding up other tasks.
  ///
  /// - Throws: when it cannot be started; how it ends is the result's.
  public static func run(
    _ program: String, _ arguments: [String] = [], _ options: Options = Options(), timeout: Duration = .seconds(30)
  ) async throws -> Result {
    try await blocking { try await ChildProcess(program, arguments, options).result(within: timeout) }
  }

  /// The number on the first line it writes, once it has: a server says its port so.
  public func firstNumber() async throws -> Int {
    var number: Int?
    _ = await eventually {
      let text = output
      number = text.firstIndex(of: "\n").flatMap { Int(text[..<$0]) }
      return number != nil || ended != nil
    }
    guard let number else {
      throw TestbedError("read the port of process \(pid)", reason: "it wrote `\(output)` and `\(errors)`")
    }
    return number
  }
}
