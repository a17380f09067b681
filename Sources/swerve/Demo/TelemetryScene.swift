// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import Telemetry
import Testbed
import Transport

/// Telemetry that an application was told is taken arrives, whatever dies on its way. Needs no privileges.
struct TelemetryScene {
  let display: DemoDisplay

  private static let requests = 150
  private static let itemsOfEach = 20
  private static let interval = Duration.milliseconds(20)

  func play() async throws -> [Claim] {
    display.announce(
      "An application sends telemetry; the far end goes away and comes back, and the node's process is killed")
    let farEnd = try FarEnd()
    try await farEnd.start()
    let node = try TelemetryNode(forwardingTo: farEnd.port)
    try await node.start()
    async let sent = Self.send(to: node.port)
    try await Task.sleep(for: .milliseconds(700))
    display.show("  the far end stops")
    await farEnd.stop()
    try await Task.sleep(for: .milliseconds(500))
    display.show("  the node's process is killed (SIGKILL), and started again")
    node.kill()
    try await node.start()
    try await Task.sleep(for: .milliseconds(500))
    display.show("  the far end is back")
    try await farEnd.start()
    let acknowledged = try await sent
    try await farEnd.waitFor(acknowledged)
    let refusal = try await sendGarbage(to: node.port)
    let arrived = farEnd.arrivals
    node.stop()
    await farEnd.stop()
    let missing = acknowledged.subtracting(arrived.keys)
    let repeated = arrived.values.count { $0 > 1 }
    return [
      Claim(
        "telemetry that was acknowledged arrives", missing.isEmpty && acknowledged.count > Self.requests / 2,
        "\(acknowledged.count) of \(Self.requests) requests acknowledged, \(missing.count) missing, \(repeated) came twice"
      ),
      Claim("what cannot be read is refused, with its place", refusal.contains("resourceSpans"), refusal),
    ]
  }

  /// Sends one request after the other, each once.
  ///
  /// - Returns: the services of those that the node said it took.
  private static func send(to port: Int) async throws -> Set<String> {
    let client = try Self.client(port)
    var acknowledged: Set<String> = []
    for number in 0..<Self.requests {
      let service = "request-\(number)"
      let request = try TestTelemetry(service: service).request(
        .traces, number: number, itemCount: Self.itemsOfEach, run: 1, now: WallClock.unixNanoseconds)
      if case .success = await client.export(request, timeout: .seconds(1)) { acknowledged.insert(service) }
      try await Task.sleep(for: Self.interval)
    }
    await client.shutdown()
    return acknowledged
  }

  private func sendGarbage(to port: Int) async throws -> String {
    let client = try Self.client(port)
    let garbage = ByteBuffer(bytes: [0x0A, 0x05, 0x12, 0x7F])
    let outcome = await client.export(
      EncodedRequest(signal: .traces, protobuf: garbage, itemCount: 1), timeout: .seconds(5))
    await client.shutdown()
    switch outcome {
    case .success: return "it was taken"
    case .permanent(let failure), .retryable(let failure, _): return failure.message
    }
  }

  private static func client(_ port: Int) throws -> GRPCExportClient {
    try GRPCExportClient(
      ConnectionSettings(.grpc, Endpoint(host: "127.0.0.1", port: port)), group: MultiThreadedEventLoopGroup.singleton)
  }
}

/// Where the telemetry is meant to go; notes every request that comes, by its service.
private final class FarEnd: TelemetryConsumer {
  let port: Int
  private let counts = Mutex<[String: Int]>([:])
  private let receiver = Mutex<OTLPReceiver?>(nil)

  init() throws { port = Int(try FreePort.find(on: ["127.0.0.1"])) }

  var arrivals: [String: Int] { counts.withLock { $0 } }

  func start() async throws {
    var settings = OTLPReceiverSettings()
    settings.grpc = OTLPServerSettings(host: "127.0.0.1", port: port)
    let new = try OTLPReceiver(
      settings, FanOut([Pipeline("traces", .traces, consumers: [self])]), budget: MemoryBudget(bytesMax: 64 << 20),
      group: MultiThreadedEventLoopGroup.singleton)
    _ = try await new.start()
    receiver.withLock { $0 = new }
  }

  func stop() async {
    await receiver.withLock { $0.take() }?.drain(within: .zero)
  }

  func consume(_ request: TelemetryRequest, _ context: ReceiveContext) throws(Refusal) {
    var services: [String] = []
    request.forEachResource { if let name = $0.attributes.serviceName { services.append(name) } }
    counts.withLock { counts in
      for service in services { counts[service, default: 0] += 1 }
    }
  }

  /// Until all of them have come, for ten seconds at most.
  func waitFor(_ services: Set<String>) async throws {
    for _ in 0..<200 where !services.isSubset(of: arrivals.keys) { try await Task.sleep(for: .milliseconds(50)) }
  }
}

/// `swerve otlp run` with a queue on disk.
private final class TelemetryNode: Sendable {
  let port: Int
  private let directory: TemporaryDirectory
  private let file: String
  private let process = Mutex<ChildProcess?>(nil)

  init(forwardingTo farEnd: Int) throws {
    port = Int(try FreePort.find(on: ["127.0.0.1"]))
    directory = try TemporaryDirectory(named: "swerve-telemetry")
    file = try directory.write("telemetry.yaml", Self.configuration(port, farEnd, "\(directory.path)/queue"))
  }

  /// Starts it, and waits until it answers.
  func start() async throws {
    let new = try ChildProcess("/proc/self/exe", ["otlp", "run", file, "--log-level", "error"])
    process.withLock { $0 = new }
    let client = HTTPClient(
      .init(host: "127.0.0.1", port: port, version: .http2), group: MultiThreadedEventLoopGroup.singleton)
    let grpc = GRPCClient(over: client)
    var isServing = false
    for _ in 0..<100 where !isServing && new.ended == nil {
      isServing = (try? await grpc.checkHealth(of: "", timeout: .milliseconds(200))) == .serving
      if !isServing { try await Task.sleep(for: .milliseconds(50)) }
    }
    await client.shutdown()
    if !isServing { throw TestbedError("start swerve otlp run", reason: "it does not answer: \(new.errors)") }
  }

  func kill() { process.withLock { $0 }?.kill() }
  func stop() { process.withLock { $0 }?.terminate() }

  private static func configuration(_ port: Int, _ farEnd: Int, _ queue: String) -> String {
    """
    extensions:
      file_storage: {directory: "\(queue)"}
    receivers:
      otlp: {protocols: {grpc: {endpoint: "127.0.0.1:\(port)"}}}
    exporters:
      otlp:
        endpoint: "http://127.0.0.1:\(farEnd)"
        retry_on_failure: {initial_interval: 100ms, max_interval: 500ms, max_elapsed_time: 0s}
        sending_queue: {storage: file_storage}
    service:
      extensions: [file_storage]
      pipelines:
        traces: {receivers: [otlp], exporters: [otlp]}
    """
  }
}
