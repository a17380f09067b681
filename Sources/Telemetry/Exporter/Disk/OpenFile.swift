// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A descriptor that is closed when nobody reads from it any more.
final class OpenFile: Sendable {
  let descriptor: Int32

  /// - Throws: the error number.
  init(_ path: String, _ flags: Int32) throws(SystemError) {
    descriptor = open(path, flags | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw SystemError("open \(path)") }
  }

  deinit { close(descriptor) }

  func byteCount() -> Int {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Fills the buffer.
  ///
  /// - Returns: how many bytes there were; fewer only at the end of the file, or when the disk cannot be read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    var count = 0
    while count < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
      let result = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + count))
      if result < 0 && errno == EINTR { continue }
      if result <= 0 { break }
      count += result
    }
    return count
  }

  func read(at offset: Int, byteCount: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      count = read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
    }
  }
}

/// A system call that failed.
struct SystemError: Error {
  let call: String
  let number: Int32

  init(_ call: String, number: Int32 = errno) {
    self.call = call
    self.number = number
  }

  var description: String { "\(call): \(String(cString: strerror(number)))" }
}

/// The system calls by which requests reach the disk, so that tests can let them fail.
struct DiskCalls: Sendable {
  var write: @Sendable (Int32, UnsafePointer<iovec>, Int) -> Int = { writev($0, $1, Int32($2)) }
  var truncate: @Sendable (Int32, Int) -> Int32 = { ftruncate($0, off_t($1)) }
  var synchronize: @Sendable (Int32) -> Int32 = { fdatasync($0) }
}
