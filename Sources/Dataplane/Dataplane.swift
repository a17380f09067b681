// SPDX-License-Identifier: Apache-2.0

import CDataplane
import CLibbpf
import Foundation
import SwerveABI

/// The dataplane of one node, held by one agent: programs, links and maps in the kernel.
///
/// Opening reconciles instead of rebuilding. When the programs already attached are the ones of this build, nothing is
/// loaded; when they are older, new ones are loaded onto the same maps and the links are updated in place; only maps of
/// another ABI version are left behind. Links keep their ids, connections and endpoint history are kept.
public final class Dataplane {
  /// What opening found and did.
  public enum Origin: String, Sendable, Codable {
    /// Nothing was installed, or nothing of this ABI version.
    case installed
    /// The programs in the kernel are this build's; nothing was loaded.
    case adopted
    /// Programs of another build were replaced on the same maps.
    case upgraded
  }

  public let pins: PinLayout
  public let cgroup: CgroupPath
  public let tables: Tables
  public let origin: Origin
  /// What is not available on this kernel, one sentence each.
  public private(set) var missing: [String] = []

  private let lock: Descriptor
  private typealias ProgramObjects = [String: ProgramObject]
  /// Loaded and not yet attached, by name.
  private var objects: ProgramObjects

  /// Opens the dataplane, loading what has to be loaded. Nothing is attached before `attach()`, so that tables can be
  /// published first.
  public init(pins: PinLayout, cgroup: CgroupPath) throws(DataplaneError) {
    try BPFFileSystem.prepare(for: pins)
    self.pins = pins
    self.cgroup = cgroup
    lock = try BPFFileSystem.lock(pins)
    let links = try Dataplane.linksInPlace(pins, cgroup)
    if links == 0 {
      // Nobody keeps the counts in these maps right any more: the hooks that would are gone.
      BPFFileSystem.removePins(in: pins.maps)
      try BPFFileSystem.prepare(for: pins)
    }
    let build = links == Dataplane.requiredLinks ? try Dataplane.installedBuild(pins) : nil
    if build == ProgramImages.fingerprint, let tables = try Tables(pins) {
      self.tables = tables
      origin = .adopted
      objects = [:]
      missing = try Dataplane.missingAttachments(pins)
      return
    }
    var missing: [String] = []
    objects = try Dataplane.load(pins, &missing)
    guard let tables = try Tables(pins) else {
      throw DataplaneError(.map, "open the maps pinned in \(pins.maps)", errno: ENOENT)
    }
    self.tables = tables
    self.missing = missing
    origin = build == nil ? .installed : .upgraded
    try tables.node.modify(0) { $0.pointee.abi_version = UInt32(SWERVE_ABI_VERSION) }
  }

  /// The most connections the node tracks; a connect beyond it is refused. At most SWERVE_CONNECTIONS_MAX.
  public func limitConnections(to limit: Int) throws(DataplaneError) {
    try tables.node.modify(0) { $0.pointee.connections_limit = UInt32(min(limit, Int(SWERVE_CONNECTIONS_MAX))) }
  }

  /// Attaches the programs, or hands them to the links that are there. Idempotent.
  public func attach() throws(DataplaneError) {
    for attachment in Attachment.all {
      guard let object = objects[attachment.object] else { continue }
      do {
        try attachment.attach(object, pins, cgroup)
      } catch {
        guard let lost = attachment.optional else { throw error }
        missing.append("\(lost): \(error)")
      }
    }
    try tables.node.modify(0) { $0.pointee.build = ProgramImages.fingerprint }
    removeLeftovers()
    // The kernel holds them now; the images and their type information are megabytes here.
    objects = [:]
  }

  /// Links of programs that are no more, and maps of other ABI versions.
  private func removeLeftovers() {
    let programs = Set(Attachment.all.map(\.program))
    let links = (try? FileManager.default.contentsOfDirectory(atPath: pins.links)) ?? []
    for name in links where !programs.contains(name) { unlink(pins.link(name)) }
    for version in pins.otherVersions() { BPFFileSystem.removePins(in: version) }
  }

  /// The ids of the pinned links by program name: the same before and after a restart.
  public static func linkIDs(_ pins: PinLayout) throws(DataplaneError) -> [String: UInt32] {
    var ids: [String: UInt32] = [:]
    for attachment in Attachment.all {
      ids[attachment.program] = try attachment.pinned(pins)?.linkID
    }
    return ids
  }

  /// The ids of the programs behind the pinned links, by program name.
  public static func programIDs(_ pins: PinLayout) throws(DataplaneError) -> [String: UInt32] {
    var ids: [String: UInt32] = [:]
    for attachment in Attachment.all {
      ids[attachment.program] = try attachment.pinned(pins)?.programID
    }
    return ids
  }

  /// Detaches everything and removes all pins. The kernel frees programs and maps with the last of them; connections go
  /// on as plain TCP. Returns what was removed.
  ///
  /// - Parameter stopRelay: called first, once it is certain that no agent is there to start the relay again.
  public static func uninstall(_ pins: PinLayout, stopRelay: () -> Void = {}) throws(DataplaneError) -> [String] {
    guard FileManager.default.fileExists(atPath: pins.path) else { return [] }
    let lock = try BPFFileSystem.lock(pins)
    defer { _ = lock }
    stopRelay()
    // The steering hooks go first: a connection made a moment later must find its observers or no steering at all.
    var removed: [String] = []
    for attachment in Attachment.all.reversed() where unlink(pins.link(attachment.program)) == 0 {
      removed.append(pins.link(attachment.program))
    }
    removed += BPFFileSystem.removePins(in: pins.links)
    for version in [pins.maps] + pins.otherVersions() { removed += BPFFileSystem.removePins(in: version) }
    rmdir(pins.path)
    return removed
  }

  private static let requiredLinks = Attachment.all.count { $0.optional == nil }

  /// How many of the required links are attached where they should be.
  private static func linksInPlace(_ pins: PinLayout, _ cgroup: CgroupPath) throws(DataplaneError) -> Int {
    var count = 0
    for attachment in Attachment.all where attachment.optional == nil {
      if let link = try attachment.pinned(pins), attachment.isInPlace(link, cgroup) { count += 1 }
    }
    return count
  }

  /// Fingerprint of the build whose programs were last attached to the maps of this ABI version; nil without such maps.
  private static func installedBuild(_ pins: PinLayout) throws(DataplaneError) -> UInt64? {
    try Tables(pins)?.node.read(0).build
  }

  private static func load(_ pins: PinLayout, _ missing: inout [String]) throws(DataplaneError) -> ProgramObjects {
    var objects: ProgramObjects = [:]
    for name in Set(Attachment.all.map(\.object)).sorted() {
      let optional = Attachment.all.first { $0.object == name }?.optional
      do {
        objects[name] = try ProgramObject(name: name, image: try ProgramImages.image(name), pins: pins)
      } catch {
        guard let optional else { throw error }
        missing.append(optional)
      }
    }
    return objects
  }

  private static func missingAttachments(_ pins: PinLayout) throws(DataplaneError) -> [String] {
    var missing: [String] = []
    for attachment in Attachment.all where try attachment.pinned(pins) == nil {
      missing.append(attachment.optional ?? "program \(attachment.program) is not attached")
    }
    return missing
  }
}
