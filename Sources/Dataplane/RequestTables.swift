// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation
public import SwerveABI

/// The pinned maps of request mode, as the relay uses them: records in shared memory, and sockets.
public final class RequestTables: Sendable {
  public let node: SharedArray<swerve_node>
  public let clients: SharedArray<swerve_client>
  public let slots: SharedArray<swerve_slot>
  public let pools: SharedArray<swerve_pool>
  /// Requests kept for a retry, by slot modulo the size.
  public let retained: SharedArray<swerve_retained>
  public let events: SharedArray<swerve_event>
  public let endpointStates: SharedArray<swerve_endpoint_state>
  public let serviceStates: SharedArray<swerve_service_state>
  public let endpointSets: EndpointSets
  /// Cookie of a network namespace -> the relay's listener there.
  public let listeners: HashMap<UInt64, swerve_listener>
  /// Cookie of a network namespace that lacks a listener -> a process in it.
  public let wantedListeners: HashMap<UInt64, UInt32>
  private let poolCookies: HashMap<UInt64, UInt32>
  private let poolSockets: Descriptor
  private let clientSockets: Descriptor
  private let connections: Descriptor

  /// Opens the maps pinned in the layout. Throws `notInstalled` when there are none of this ABI version.
  public init(_ pins: PinLayout) throws(DataplaneError) {
    func open(_ name: String) throws(DataplaneError) -> Descriptor {
      if let descriptor = try Descriptor.pinned(pins.map(name)) { return descriptor }
      throw DataplaneError(
        .notInstalled, "open map \(pins.map(name))", errno: ENOENT,
        advice: "the relay needs the agent's maps: start `swerve run` first")
    }
    func share<Value>(_ name: String, _ count: Int) throws(DataplaneError) -> SharedArray<Value> {
      try SharedArray(try open(name), name: name, count: count)
    }
    node = try share("node", 1)
    clients = try share("clients", Int(SWERVE_CLIENTS_MAX))
    slots = try share("slots", Int(SWERVE_SLOTS_MAX))
    pools = try share("pools", Int(SWERVE_POOLS_MAX))
    retained = try share("retained", Int(SWERVE_RETAINED_MAX))
    events = try share("events", Int(SWERVE_EVENTS_MAX))
    endpointStates = try share("endpoint_states", Int(SWERVE_ENDPOINTS_MAX))
    serviceStates = try share("service_states", Int(SWERVE_SERVICES_MAX))
    endpointSets = EndpointSets(descriptor: try open("endpoint_sets"))
    listeners = HashMap(descriptor: try open("listeners"), name: "listeners")
    wantedListeners = HashMap(descriptor: try open("wanted_listeners"), name: "wanted_listeners")
    poolCookies = HashMap(descriptor: try open("pool_cookies"), name: "pool_cookies")
    poolSockets = try open("pool_sockets")
    clientSockets = try open("client_sockets")
    connections = try open("connections")
  }

  /// What sockops or the relay has written on a socket of this process; nil when nothing.
  public func connection(of socket: Int32) throws(DataplaneError) -> swerve_connection? {
    try HashMap<Int32, swerve_connection>(descriptor: connections, name: "connections").read(socket)
  }

  /// Writes what a socket of this process is to be, before it connects or listens.
  public func mark(_ socket: Int32, as connection: swerve_connection) throws(DataplaneError) {
    var key = socket
    let result = unsafe(connection) { bpf_map_update_elem(connections.raw, &key, $0, UInt64(BPF_ANY)) }
    guard result == 0 else { throw DataplaneError(.map, "mark a socket", errno: errorNumber(result)) }
  }

  /// Makes an established pool connection a target of requests and a source of responses.
  public func insertPoolSocket(_ socket: Int32, cookie: UInt64, slot: UInt32) throws(DataplaneError) {
    var key = slot
    var value = UInt64(socket)
    let result = bpf_map_update_elem(poolSockets.raw, &key, &value, UInt64(BPF_ANY))
    guard result == 0 else {
      throw DataplaneError(.map, "add a connection to map pool_sockets", errno: errorNumber(result))
    }
    try poolCookies.update([(cookie, slot)])
  }

  /// Forgets a pool connection. Its socket may be closed already: the kernel has removed that by itself.
  public func removePoolSocket(cookie: UInt64, slot: UInt32) throws(DataplaneError) {
    try poolCookies.remove(cookie)
    var key = slot
    bpf_map_delete_elem(poolSockets.raw, &key)
  }

  /// Takes a client's socket, which another process has, out of the kernel's hands: it is an ordinary one from then on.
  /// Bytes that were redirected to it and are not read would be lost.
  public func removeClientSocket(cookie: UInt64) {
    var key = cookie
    bpf_map_delete_elem(clientSockets.raw, &key)
  }
}
