// SPDX-License-Identifier: Apache-2.0

public import Dataplane
public import Policy
import SwerveABI
import SwerveCore

/// Changes breakers from outside the traffic: by hand, or for what statistics show. Each change is the compare-and-swap
/// that the kernel makes, with its event.
public struct BreakerControl {
  private let records: RequestTables

  public init(_ records: RequestTables) {
    self.records = records
  }

  /// An endpoint by the names people use.
  public struct Place: Sendable {
    let service: UInt32
    let endpoint: UInt32
    let cells: [swerve_cell]
  }

  /// Finds an endpoint of a published service; nil when there is none.
  ///
  /// - Parameter id: of the service.
  public func find(service id: UInt32, address: IPAddress, port: UInt16) throws(DataplaneError) -> Place? {
    guard let cells = try records.endpointSets.read(id) else { return nil }
    let wanted = cells.publishedEndpoints.first {
      IPAddress($0.address) == address && UInt16(bigEndian: $0.port) == port
    }
    return wanted.map { Place(service: id, endpoint: $0.id, cells: cells) }
  }

  /// Ejects an endpoint until it is restored, or for a time. Whether that changed anything.
  ///
  /// - Parameter duration: nil until it is restored by hand.
  public func eject(_ place: Place, for duration: Duration?) -> Bool {
    let now = MonotonicTime.now()
    let until = duration.map { now + UInt64(max(0, $0 / .nanoseconds(1))) } ?? .max
    return apply(service: place.service, endpoint: place.endpoint, cells: place.cells) { tables, service, state in
      swerve_native_eject_by_hand(tables, service, state, until)
    }
  }

  /// Takes an ejected endpoint back at once; false when it is in rotation.
  public func restore(_ place: Place) -> Bool {
    let now = MonotonicTime.now()
    return apply(service: place.service, endpoint: place.endpoint, cells: place.cells) { tables, service, state in
      swerve_native_restore_by_hand(tables, service, state, now)
    }
  }

  /// Makes a change and writes its event; false when it was none.
  @discardableResult
  func apply(
    service: UInt32, endpoint: UInt32, cells: [swerve_cell],
    _ change: (
      UnsafePointer<swerve_tables>, UnsafeMutablePointer<swerve_service_state>,
      UnsafeMutablePointer<swerve_endpoint_state>
    ) -> swerve_transition
  ) -> Bool {
    guard let serviceState = records.serviceStates[service], let state = records.endpointStates[endpoint],
      let node = records.node[0]
    else { return false }
    var transition = cells.withUnsafeBufferPointer { cells in
      var tables = swerve_tables(
        cells: cells.baseAddress, states: records.endpointStates.first, cell_count: UInt32(cells.count),
        state_count: UInt32(records.endpointStates.count))
      return change(&tables, serviceState, state)
    }
    guard transition.kind != SWERVE_EVENT_NONE.rawValue else { return false }
    swerve_native_write_events(
      node, records.events.first, &transition, service, serviceState, endpoint, state, MonotonicTime.now())
    return true
  }
}
