// SPDX-License-Identifier: Apache-2.0

/// What the files say about each Service, and the kernel services that come of it: in one table, as a full node has
/// thousands and nearly all have one of each.
struct ObjectIndex: Sendable {
  struct Entry: Sendable {
    /// Objects of the Service, in order.
    var services: [ObjectPlace] = []
    /// EndpointSlices that name it, in order.
    var slices: [ObjectPlace] = []
    /// Names of its kernel services, in force or not.
    var names: [String] = []

    fileprivate var isEmpty: Bool { services.isEmpty && slices.isEmpty && names.isEmpty }
  }

  private var entries: [ObjectKey: Entry] = [:]

  /// Empty for a Service that no file speaks of.
  subscript(_ key: ObjectKey) -> Entry { entries[key] ?? Entry() }

  /// The Services that some file defines.
  var services: some Collection<ObjectKey> { entries.lazy.filter { !$0.value.services.isEmpty }.map(\.key) }

  mutating func insert(_ file: ParsedFile) {
    for (index, service) in file.services.enumerated() {
      entries[service.key, default: Entry()].services.insertSorted(ObjectPlace(path: file.path, index: index))
    }
    for (index, slice) in file.slices.enumerated() {
      entries[slice.service, default: Entry()].slices.insertSorted(ObjectPlace(path: file.path, index: index))
    }
  }

  /// - Parameter keys: of the Services that the file speaks of.
  mutating func remove(_ file: ParsedFile, keys: Set<ObjectKey>) {
    for key in keys {
      update(key) { entry in
        entry.services.removeAll { $0.path == file.path }
        entry.slices.removeAll { $0.path == file.path }
      }
    }
  }

  mutating func setNames(_ names: [String], of key: ObjectKey) {
    if names.isEmpty && entries[key] == nil { return }
    update(key) { $0.names = names }
  }

  /// Without copying the entry's arrays; an entry that says nothing is dropped.
  private mutating func update(_ key: ObjectKey, _ body: (inout Entry) -> Void) {
    body(&entries[key, default: Entry()])
    if entries[key]?.isEmpty == true { entries[key] = nil }
  }
}
