// SPDX-License-Identifier: Apache-2.0

import Glibc
import Logging
import Synchronization
import Testing

@testable import Relay

/// A relay on a thread of its own, with records in memory and a listener on 127.0.0.1.
final class RelayFixture: Sendable {
  let port: UInt16
  private let listener: Int32
  private let remote: EventLoop.Remote
  private let ended = DispatchEnd()

  /// The relay and its records, on the loop's thread.
  struct Inside {
    let relay: Relay
    let records: MemoryRecords
    let loop: EventLoop
  }

  private final class Home: @unchecked Sendable {
    var inside: Inside?
  }
  private let home = Home()

  init(
    _ ports: [UInt16], options: RelayOptions = RelayOptions(),
    policy: @escaping @Sendable (inout TestPolicy) -> Void = { _ in },
    prepare: @escaping @Sendable (MemoryRecords) -> Void = { _ in }
  ) throws {
    (listener, port) = try listen()
    _ = fcntl(listener, F_SETFL, O_NONBLOCK)
    let started = Mutex<EventLoop.Remote?>(nil)
    let ready = DispatchEnd()
    let listener = listener
    let ended = ended
    let home = home
    let box = Box(started)
    onThread {
      defer { ended.signal() }
      guard let loop = try? EventLoop() else { return ready.signal() }
      let records = MemoryRecords()
      records.publish(ports: ports, policy)
      prepare(records)
      let relay = Relay(
        records: records, options: options, loop: loop, logger: Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() }
      )
      home.inside = Inside(relay: relay, records: records, loop: loop)
      try? relay.start()
      try? loop.add(listener, .read) { _ in
        while true {
          let descriptor = accept(listener, nil, nil)
          if descriptor < 0 { return }
          _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
          relay.adopt(acceptedSocket: descriptor)
        }
      }
      box.set(loop.remote)
      ready.signal()
      try? loop.run()
      loop.remove(listener)
      home.inside = nil
    }
    ready.wait()
    guard let remote = box.get() else { throw Wire.Failure(description: "no loop", code: 0) }
    self.remote = remote
  }

  deinit {
    expectNothingUnderWay()
    remote.perform { $0.stop() }
    ended.wait()
    close(listener)
  }

  /// Ends all clients, and looks whether everything that was admitted was answered or withdrawn, whatever the test did.
  private func expectNothingUnderWay() {
    let counts = try? inside { inside in
      for client in Array(inside.relay.clients.values) { client.destroy() }
      let services = (0..<UInt32(MemoryRecords.serviceCount)).compactMap { inside.records.service($0)?.pointee }
      return [
        "admitted": services.map { Int(Int32(bitPattern: $0.admitted &- $0.answered)) },
        "in flight": inside.records.endpointStates.map { Int(Int32(bitPattern: $0.in_flight)) },
        "waiting": inside.relay.pools.pending.values.map { $0 },
      ]
    }
    for (name, values) in counts ?? [:] { #expect(values.allSatisfy { $0 == 0 }, "\(name): \(values)") }
  }

  func connect() throws -> Wire { try Wire(port: port) }

  /// Runs the body on the loop's thread and waits for it.
  func inside<Result: Sendable>(_ body: @escaping @Sendable (Inside) -> Result) throws -> Result {
    let home = home
    let result = Box<Result>(Mutex(nil))
    let done = DispatchEnd()
    remote.perform { _ in
      if let inside = home.inside { result.set(body(inside)) }
      done.signal()
    }
    done.wait()
    guard let value = result.get() else { throw Wire.Failure(description: "the relay is gone", code: 0) }
    return value
  }

  /// Waits until the condition holds, looked at on the loop's thread.
  func eventually(
    _ comment: Comment, seconds: Double = 5, _ condition: @escaping @Sendable (Inside) -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for _ in 0..<Int(seconds * 200) {
      if try inside(condition) { return }
      usleep(5_000)
    }
    Issue.record(comment, sourceLocation: sourceLocation)
  }

  /// Sends a request and gives the response.
  func ask(_ text: String, isHead: Bool = false) throws -> (head: String, body: String) {
    let wire = try connect()
    try wire.send(text)
    return try wire.message(isHead: isHead)
  }
}

/// Something one thread waits for and another one signals.
final class DispatchEnd: @unchecked Sendable {
  private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)
  init() { sem_init(semaphore, 0, 0) }
  deinit {
    sem_destroy(semaphore)
    semaphore.deallocate()
  }
  func signal() { sem_post(semaphore) }
  func wait() {
    while sem_wait(semaphore) != 0 && errno == EINTR {}
  }
}

final class Box<Value: Sendable>: Sendable {
  private let value: Mutex<Value?>
  init(_ value: consuming Mutex<Value?>) { self.value = value }
  func set(_ new: Value) { value.withLock { $0 = new } }
  func get() -> Value? { value.withLock { $0 } }
}
