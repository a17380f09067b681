// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import NIOPosix
import Synchronization
import Telemetry
import Transport

struct OTLPDumpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dump",
    abstract: "Print the telemetry that arrives.",
    discussion: """
      Listens as a collector would, prints what it is sent, and keeps nothing. Point an application's exporter at it:
      OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317.

      EXAMPLES
        swerve otlp dump
        swerve otlp dump --grpc 127.0.0.1:14317 --no-http --verbosity basic
        swerve otlp dump --json --count 10 | jq '.resourceSpans[].scopeSpans[].spans[].name'

      EXIT STATUS
        0 interrupted, or --count requests have come   1 the time of --timeout was over before   64 bad usage
        71 a port cannot be listened on
      """)

  @Option(help: "Where to listen for gRPC: HOST:PORT; port 0 takes any free one.")
  var grpc = "127.0.0.1:4317"

  @Option(help: "Where to listen for HTTP: HOST:PORT; port 0 takes any free one.")
  var http = "127.0.0.1:4318"

  @Flag(name: .customLong("no-grpc"), help: "Do not listen for gRPC.")
  var withoutGRPC = false

  @Flag(name: .customLong("no-http"), help: "Do not listen for HTTP.")
  var withoutHTTP = false

  @Option(help: "basic: a line for each request; normal: a line for each item; detailed: every field.")
  var verbosity = DebugVerbosity.normal

  @Flag(help: "Print every request in OTLP's JSON, one a line.")
  var json = false

  @Option(help: "End after so many requests.")
  var count: Int?

  @Option(help: "End after so many seconds.")
  var timeout: Double?

  @OptionGroup var tls: ServerTLSOptions

  func validate() throws {
    if withoutGRPC && withoutHTTP { throw ValidationError("--no-grpc and --no-http leave nothing to listen on") }
    if let count, count < 1 { throw ValidationError("--count is at least 1") }
    if let timeout, !(timeout > 0 && timeout <= 1e6) { throw ValidationError("--timeout is more than 0 seconds") }
    _ = try settings
  }

  private var settings: OTLPReceiverSettings {
    get throws {
      var settings = OTLPReceiverSettings()
      if !withoutGRPC { settings.grpc = try server(grpc, option: "--grpc") }
      if !withoutHTTP { settings.http = try server(http, option: "--http") }
      return settings
    }
  }

  private func server(_ text: String, option: String) throws -> OTLPServerSettings {
    guard let settings = OTLPServerSettings(listeningOn: text) else {
      throw ValidationError("\(option) \(text): write HOST:PORT, such as 127.0.0.1:4317")
    }
    return try tls.applied(to: settings)
  }

  func run() async throws {
    let printer = RequestPrinter(verbosity: json ? nil : verbosity, countMax: count)
    let fanOut = FanOut(Signal.allCases.map { Pipeline($0.rawValue, $0, consumers: [printer]) })
    try await exiting {
      let receiver = try OTLPReceiver(
        try settings, fanOut, budget: MemoryBudget(bytesMax: TelemetryConfiguration.defaultMemoryLimitBytes),
        group: MultiThreadedEventLoopGroup.singleton)
      for address in try await receiver.start() { Progress.note("listening on \(address.hostAndPort)") }
      let isComplete = await printer.waitUntilDone(timeout: timeout)
      await receiver.drain(within: .seconds(1))
      if !isComplete { throw ExitCode.failure }
    }
  }
}

/// Prints requests, whole ones one after the other, until enough have come.
private final class RequestPrinter: TelemetryConsumer {
  private let verbosity: DebugVerbosity?
  private let countMax: Int
  private let hasLimit: Bool
  private let count = Mutex(0)
  private let done = AsyncStream<Void>.makeStream()

  /// - Parameter verbosity: nil prints JSON.
  init(verbosity: DebugVerbosity?, countMax: Int?) {
    self.verbosity = verbosity
    self.countMax = countMax ?? .max
    hasLimit = countMax != nil
  }

  func consume(_ request: TelemetryRequest, _ context: ReceiveContext) throws(Refusal) {
    let text =
      verbosity.map { RequestText.lines(request, context, $0).joined(separator: "\n") } ?? RequestText.json(request)
    let isLast = count.withLock { count in
      count += 1
      // What comes while this ends is acknowledged, and not printed.
      if count <= countMax { OutputLine.write(text) }
      return count == countMax
    }
    if isLast { done.continuation.finish() }
  }

  /// - Returns: whether it ended as it was asked to.
  func waitUntilDone(timeout: Double?) async -> Bool {
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        for await _ in self.done.stream {}
        return true
      }
      group.addTask {
        await Interrupt.wait()
        return true
      }
      if let timeout {
        group.addTask { [hasLimit] in
          try? await Task.sleep(for: .seconds(timeout))
          return !hasLimit
        }
      }
      let first = await group.next() ?? true
      group.cancelAll()
      return first
    }
  }
}
