// SPDX-License-Identifier: Apache-2.0

import CDataplane
import CLibbpf
import Foundation

/// One compiled BPF object: its maps are created or found by their pins, its programs verified by the kernel.
final class ProgramObject {
  let name: String
  private let object: OpaquePointer

  /// Loads `image`, an ELF file. Maps already pinned in the layout are reused, the others created and pinned.
  ///
  /// - Parameter pins: nil for an object whose maps are its own and go with it.
  init(name: String, image: Data, pins: PinLayout?) throws(DataplaneError) {
    self.name = name
    let log = LibbpfLog()
    let opened = image.withUnsafeBytes { bytes in
      name.withCString { name in
        var options = bpf_object_open_opts()
        options.sz = MemoryLayout<bpf_object_open_opts>.size
        options.object_name = name
        return bpf_object__open_mem(bytes.baseAddress, bytes.count, &options)
      }
    }
    guard let opened else {
      throw DataplaneError(.program, "open BPF object \(name)", errno: errno, log: log.tail())
    }
    // From here on a throw runs deinit, which closes the object.
    object = opened
    if let pins { try ProgramObject.setPins(opened, pins) }
    let result = bpf_object__load(opened)
    guard result == 0 else { throw ProgramObject.loadError(name, errorNumber(result), log.tail()) }
  }

  deinit {
    bpf_object__close(object)
  }

  /// The loaded program called `program`.
  func program(_ program: String) throws(DataplaneError) -> OpaquePointer {
    guard let found = bpf_object__find_program_by_name(object, program) else {
      throw DataplaneError(.program, "find program \(program) in BPF object \(name)")
    }
    return found
  }

  /// The descriptor of the loaded map called `map`; it lives as long as the object.
  func map(_ map: String) throws(DataplaneError) -> Int32 {
    guard let found = bpf_object__find_map_by_name(object, map) else {
      throw DataplaneError(.map, "find map \(map) in BPF object \(name)")
    }
    return bpf_map__fd(found)
  }

  private static func setPins(_ object: OpaquePointer, _ pins: PinLayout) throws(DataplaneError) {
    var map = bpf_object__next_map(object, nil)
    while let current = map {
      defer { map = bpf_object__next_map(object, current) }
      // Constants belong to the object's own build.
      if bpf_map__is_internal(current) { continue }
      let mapName = String(cString: bpf_map__name(current))
      let result = bpf_map__set_pin_path(current, pins.map(mapName))
      guard result == 0 else {
        throw DataplaneError(.map, "set the pin of map \(mapName)", errno: errorNumber(result))
      }
    }
  }

  /// libbpf's log names the program or map it failed on; the errno says in which way.
  private static func loadError(_ name: String, _ error: Int32, _ log: [String]) -> DataplaneError {
    let advice: String? =
      switch error {
      case EPERM: "run as root or see `swerve doctor` for the capabilities needed"
      default: "see `swerve doctor` for what this kernel lacks"
      }
    return DataplaneError(.program, "load BPF object \(name)", errno: error, log: log, advice: advice)
  }
}

/// What libbpf says on this thread while the value lives. Must stay on one thread.
final class LibbpfLog {
  private let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: LibbpfLog.size)
  private static let size = 1 << 18

  init() {
    swerve_capture_libbpf_log(buffer, LibbpfLog.size)
  }

  deinit {
    swerve_capture_libbpf_log(nil, 0)
    buffer.deallocate()
  }

  /// The last lines of the log, the verifier's included.
  func tail(lines: Int = 20) -> [String] {
    String(cString: buffer).split(separator: "\n").suffix(lines).map(String.init)
  }
}
