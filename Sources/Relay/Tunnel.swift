// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// Two connections as one, in both directions until both have ended: what is not HTTP/1, or no longer.
final class Tunnel: ClientWork, ConnectionWaiter {
  private let client: Client
  let service: UInt32
  private var connection: PoolConnection?
  private var awaited: Pool?
  /// Bytes of the client that wait for the connection.
  private var pending = ByteQueue()
  private var clientHasEnded = false
  private var endpointHasEnded = false
  private var tries = 0
  /// Where it goes, and whether as a probe, until that is known to have come to something or not.
  private var selected: Selected?
  /// Whether the endpoint has it among its requests in flight.
  private let isInFlight: Bool

  private static let pendingMax = 65_536
  private static let triesMax = 3

  let wantsClientBytes = true
  var hasRoom: Bool {
    if let connection { !connection.hasUnsent } else { pending.count < Tunnel.pendingMax }
  }

  private init(_ client: Client, isInFlight: Bool) {
    self.client = client
    self.isInFlight = isInFlight
    service = client.service
  }

  /// For a client whose first bytes are of another protocol: to an endpoint of its service.
  static func begin(_ client: Client) {
    let tunnel = Tunnel(client, isInFlight: true)
    client.relay.records.count(SWERVE_PATH_TUNNEL, service: client.service)
    client.begin(tunnel)
    tunnel.connect()
  }

  /// For a client and an endpoint that have agreed on another protocol.
  static func `continue`(_ client: Client, _ connection: PoolConnection, endpointSent rest: UnsafeRawBufferPointer) {
    let tunnel = Tunnel(client, isInFlight: false)
    tunnel.connection = connection
    connection.state = .carrying(tunnel)
    client.begin(tunnel)
    if !rest.isEmpty { tunnel.connectionReceived(rest) }
    client.resume()
    if client.inputHasEnded { tunnel.clientEnded() }
  }

  private func connect() {
    while tries < Tunnel.triesMax {
      tries += 1
      guard case .selected(let next) = client.relay.selection.select(service, client: client.hash, avoiding: [])
      else { break }
      selected = next
      if client.relay.pools.acquire(next.endpoint, for: self, isProbe: next.isProbe) == nil { return }
      giveBackProbe()
    }
    // The protocol has no words for it that we know.
    client.destroy(reset: true)
  }

  // MARK: The wait for a connection

  func waits(for pool: Pool) {
    awaited = pool
  }

  func ready(_ connection: PoolConnection) {
    awaited = nil
    self.connection = connection
    connection.state = .carrying(self)
    noteConnected(connection)
    connection.slot.pointee.requests += 1
    swerve_native_store32(&connection.slot.pointee.stage, UInt32(SWERVE_STAGE_RELAY.rawValue))
    addInFlight(connection, 1)
    let bytes = pending
    pending = ByteQueue()
    bytes.withBytes { _ = clientSent($0) }
    if clientHasEnded { connection.endOutput() }
    client.updateReading()
  }

  func refused(_ answer: LocalAnswer) {
    awaited = nil
    giveBackProbe()
    connect()
  }

  /// That it could be reached is all a probe can say here, as of a connection in connection mode.
  private func noteConnected(_ connection: PoolConnection) {
    guard let selected, selected.isProbe, selected.endpoint.id == connection.pool.target.id else {
      return giveBackProbe()
    }
    self.selected = nil
    client.relay.selection.judge(
      service, selected.endpoint.id, status: 200, started: selected.probeNanoseconds, now: Clock.now())
  }

  private func giveBackProbe() {
    if let selected { client.relay.selection.giveBackProbe(selected, of: service) }
    selected = nil
  }

  private func addInFlight(_ connection: PoolConnection, _ amount: Int32) {
    guard isInFlight, let state = client.relay.records.endpointState(connection.pool.target.id) else { return }
    _ = swerve_native_add32(&state.pointee.in_flight, UInt32(bitPattern: amount))
  }

  // MARK: Bytes

  func clientSent(_ bytes: UnsafeRawBufferPointer) -> Int {
    if bytes.isEmpty { return 0 }
    if let connection {
      if !connection.send(bytes) { client.destroy(reset: true) }
    } else {
      pending.append(bytes)
    }
    return bytes.count
  }

  func connectionReceived(_ bytes: UnsafeRawBufferPointer) {
    client.send(bytes)
    connection?.setReading(!client.hasUnsent)
  }

  func clientFlushed() {
    connection?.setReading(true)
  }

  func connectionFlushed() {
    if connection?.outputIsBroken == true { return client.destroy(reset: true) }
    client.updateReading()
    endIfDone()
  }

  func clientEnded() {
    clientHasEnded = true
    connection?.endOutput()
    endIfDone()
  }

  func connectionEnded(reset: Bool) {
    if reset { return client.destroy(reset: true) }
    endpointHasEnded = true
    client.endOutput()
    endIfDone()
  }

  private func endIfDone() {
    guard clientHasEnded, endpointHasEnded, connection?.hasUnsent != true else { return }
    leave()
    client.closeGracefully()
  }

  func abandon() {
    leave()
  }

  private func leave() {
    if let awaited {
      self.awaited = nil
      awaited.cancel(self)
      giveBackProbe()
    }
    guard let connection else { return }
    self.connection = nil
    addInFlight(connection, -1)
    connection.pool.release(connection, reusable: false)
  }
}
