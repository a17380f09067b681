// SPDX-License-Identifier: Apache-2.0

public import Dataplane
public import Foundation
import Policy
import SwerveABI
import SwerveCore

/// What happened to a breaker or limit, as people read it.
public struct BreakerEvent: Codable, Sendable {
  /// Since the dataplane was installed; a gap means that so many were overwritten before they were read.
  public var number: UInt64
  public var time: Date
  /// open, half_open, closed, panic_on, panic_off or limit; see docs/EVENTS.md.
  public var kind: String
  public var cause: String
  /// namespace/name:port; the id of one that has gone.
  public var service: String
  /// Nil for an event of the service as a whole, and for an endpoint that has gone.
  public var endpoint: String?
  /// End of an ejection; nil for one that ends by hand, and for other events.
  public var until: Date?
  /// Failures in a row behind an ejection, or the limit that was reached.
  public var consecutive: UInt32
  /// Connections and requests of the endpoint, or of the service.
  public var active: UInt32
  public var inFlight: UInt32
  /// Ejected endpoints of the service after the event.
  public var ejected: UInt32
  /// Ejections of the endpoint since it was published.
  public var ejections: UInt32
}

/// The last events of a node, in a ring in the kernel that any number of readers read along.
public struct EventLog {
  private let records: RequestTables
  private let tables: Tables
  /// The next event to be read.
  private var next: UInt64
  /// Events that were overwritten before they were read.
  public private(set) var lost: UInt64 = 0

  /// Begins with the oldest event that is still there.
  public init(_ pins: PinLayout) throws(DataplaneError) {
    guard let tables = try Tables(pins) else {
      throw DataplaneError(
        .notInstalled, "read the events at \(pins.path): no dataplane is installed",
        advice: "start one with `swerve run`, or name its place with --pin-path")
    }
    self.tables = tables
    records = try RequestTables(pins)
    next = 0
    skipOverwritten()
    lost = 0
  }

  private var written: UInt64 { records.node[0].map { swerve_native_load64(&$0.pointee.events) } ?? 0 }

  private mutating func skipOverwritten() {
    let oldest = written > UInt64(SWERVE_EVENTS_MAX) ? written - UInt64(SWERVE_EVENTS_MAX) : 0
    guard next < oldest else { return }
    lost += oldest - next
    next = oldest
  }

  /// The events since the last call, oldest first.
  public mutating func read() throws(DataplaneError) -> [BreakerEvent] {
    skipOverwritten()
    var found: [swerve_event] = []
    while next < written, let place = records.events[UInt32(next % UInt64(SWERVE_EVENTS_MAX))] {
      let event = place.pointee
      // Another number before or after the copy: it is being written, or was overwritten just now.
      guard event.sequence == next + 1, swerve_native_load64(&place.pointee.sequence) == next + 1 else {
        if written > next + UInt64(SWERVE_EVENTS_MAX) {
          skipOverwritten()
          continue
        }
        break
      }
      found.append(event)
      next += 1
    }
    var names = Names(tables)
    var events: [BreakerEvent] = []
    for event in found { events.append(try names.describe(event)) }
    return events
  }

  /// What ids stand for now, looked up once.
  private struct Names {
    let tables: Tables
    private var services: [UInt32: (name: String, endpoints: [UInt32: String])] = [:]
    private let epoch: Date

    init(_ tables: Tables) {
      self.tables = tables
      epoch = Date(timeIntervalSinceNow: -Double(MonotonicTime.now()) / 1e9)
    }

    mutating func describe(_ event: swerve_event) throws(DataplaneError) -> BreakerEvent {
      let service = try self.service(event.service)
      let hasEnd = event.until_ns != 0 && event.until_ns != .max
      return BreakerEvent(
        number: event.sequence - 1, time: date(event.time_ns),
        kind: String(cString: swerve_event_name(UInt32(event.kind))),
        cause: String(cString: swerve_cause_name(UInt32(event.cause))),
        service: service.name, endpoint: service.endpoints[event.endpoint],
        until: hasEnd ? date(event.until_ns) : nil, consecutive: event.consecutive, active: event.active,
        inFlight: event.in_flight, ejected: event.ejected, ejections: event.ejections)
    }

    private func date(_ nanoseconds: UInt64) -> Date { epoch.addingTimeInterval(Double(nanoseconds) / 1e9) }

    private mutating func service(_ id: UInt32) throws(DataplaneError) -> (name: String, endpoints: [UInt32: String]) {
      if let known = services[id] { return known }
      let name = try tables.serviceInfos.read(id).serviceName
      let endpoints = (try tables.endpointSets.read(id) ?? []).publishedEndpoints.map { endpoint in
        let place = Frontend(address: IPAddress(endpoint.address), port: UInt16(bigEndian: endpoint.port))
        return (endpoint.id, place.description)
      }
      let found = (
        name.isEmpty ? "service \(id)" : name, Dictionary(endpoints, uniquingKeysWith: { first, _ in first })
      )
      services[id] = found
      return found
    }
  }
}
