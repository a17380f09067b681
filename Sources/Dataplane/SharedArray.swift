// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation
public import SwerveABI

/// A whole BPF array in this process's memory: what the kernel's programs write is seen at once, and the reverse.
///
/// The pointers it gives live as long as it does. Fields that others write at the same time are for the core's atomic
/// functions only (bpf/core/relay_native.h).
public final class SharedArray<Value: KernelRecord>: @unchecked Sendable {
  /// Number of records.
  public let count: Int
  private let base: UnsafeMutableRawPointer
  private let stride: Int
  private let size: Int

  init(_ descriptor: Descriptor, name: String, count: Int) throws(DataplaneError) {
    // The kernel pads an element to eight bytes.
    stride = (MemoryLayout<Value>.size + 7) / 8 * 8
    let page = Int(getpagesize())
    size = (stride * count + page - 1) / page * page
    self.count = count
    let mapped = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.raw, 0)
    guard let mapped, mapped != MAP_FAILED else {
      throw DataplaneError(.map, "map \(name) into memory", errno: errno)
    }
    base = mapped
  }

  deinit {
    munmap(base, size)
  }

  /// The record at `index`; nil past the end.
  public subscript(_ index: UInt32) -> UnsafeMutablePointer<Value>? {
    guard index < count else { return nil }
    return (base + Int(index) * stride).assumingMemoryBound(to: Value.self)
  }

  /// The first record, for functions that take the array as a whole.
  public var first: UnsafeMutablePointer<Value> { base.assumingMemoryBound(to: Value.self) }
}

extension swerve_client: KernelRecord {}
extension swerve_slot: KernelRecord {}
extension swerve_pool: KernelRecord {}
extension swerve_listener: KernelRecord {}
extension swerve_retained: KernelRecord {}
extension swerve_event: KernelRecord {}
extension swerve_connection: KernelRecord {}
