// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed

/// `swerve otlp run` as a process of its own, which can be killed and started again on the same ports.
final class SwerveProcess {
  /// The program built beside this test.
  static let program: String? = {
    guard let test = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else { return nil }
    // swift-testing's helper runs from elsewhere, with the test's path as an argument.
    let places = [test] + CommandLine.arguments
    return places.lazy.map { URL(filePath: $0).deletingLastPathComponent().appending(path: "swerve").path }
      .first { Programs.find($0) != nil }
  }()

  let grpcPort: UInt16
  let httpPort: UInt16
  private let directory: TemporaryDirectory
  private let file: String
  private let program: String
  private(set) var process: ChildProcess

  /// - Parameter configuration: makes the file's text of the ports for gRPC and HTTP and a directory for its queue.
  init(_ configuration: (_ grpc: UInt16, _ http: UInt16, _ directory: String) -> String) async throws {
    guard let program = Self.program else { throw TestbedError("start swerve", reason: "it is not built") }
    self.program = program
    grpcPort = try FreePort.find(on: ["127.0.0.1"])
    httpPort = try FreePort.find(on: ["127.0.0.1"])
    directory = try TemporaryDirectory(named: "swerve-otlp")
    // The directory of the queue is not there yet.
    file = try directory.write("telemetry.yaml", configuration(grpcPort, httpPort, "\(directory.path)/queue"))
    process = try ChildProcess(program, ["otlp", "run", file])
    try await waitUntilListening()
  }

  /// Ends it as a crash would.
  func kill() { process.kill() }

  /// After `kill()`.
  func restart() async throws {
    process = try ChildProcess(program, ["otlp", "run", file])
    try await waitUntilListening()
  }

  private func waitUntilListening() async throws {
    let addresses = [grpcPort, httpPort].compactMap { TCPAddress("127.0.0.1", $0) }
    let isListening = await eventually(within: .seconds(30)) {
      process.ended != nil || addresses.allSatisfy { (try? RawConnection(to: $0)) != nil }
    }
    guard isListening, process.ended == nil else {
      throw TestbedError("start swerve otlp run", reason: process.errors + process.output)
    }
  }

  /// The most it has had in memory, in bytes (VmHWM of proc(5)).
  var peakResidentBytes: Int {
    get throws {
      let lines = try Files.read("/proc/\(process.pid)/status").split(separator: "\n")
      guard let line = lines.first(where: { $0.hasPrefix("VmHWM:") }),
        let kibibytes = Int(line.filter(\.isNumber))
      else { throw TestbedError("read the peak of \(process.pid)", reason: "no VmHWM") }
      return kibibytes << 10
    }
  }
}
