// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Policy

/// What tells two versions of a file apart without reading it.
struct FileSignature: Equatable, Sendable {
  let device: UInt64
  let inode: UInt64
  let bytes: Int64
  let modifiedNanoseconds: Int64
  let changedNanoseconds: Int64

  init(_ status: stat) {
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    bytes = Int64(status.st_size)
    modifiedNanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    changedNanoseconds = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
  }

  /// Milliseconds since the content last changed, by the wall clock; a time in the future counts as long ago.
  func age(at wallNanoseconds: Int64) -> Int64 {
    let age = (wallNanoseconds - modifiedNanoseconds) / 1_000_000
    return age < 0 ? .max : age
  }
}

/// A system call failed; `description` says which file and why.
struct FileError: Error, CustomStringConvertible {
  let description: String

  init(_ action: String, errno code: Int32) {
    description = "\(action): \(String(cString: strerror(code)))"
  }
}

/// A directory of policy files, read with plain system calls.
struct FileTree: Sendable {
  let root: String

  /// A tree deeper than this is a mistake, or a loop of mounts.
  private static let depthMax = 16

  struct Listing {
    /// Policy files, relative to the root.
    var files: [String: FileSignature] = [:]
    /// Directories, relative to the root; the root is the empty path.
    var directories: [String] = []
  }

  /// Whether a file of this name is read. Dot files, and what editors leave while they write, are not.
  static func isPolicyFile(_ name: String) -> Bool {
    guard let first = name.utf8.first, first != UInt8(ascii: "."), first != UInt8(ascii: "#") else { return false }
    return name.hasSuffix(".yaml") || name.hasSuffix(".yml") || name.hasSuffix(".json")
  }

  static func join(_ directory: String, _ name: String) -> String {
    directory.isEmpty ? name : directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
  }

  func absolute(_ path: String) -> String { path.isEmpty ? root : Self.join(root, path) }

  /// Follows links; nil when there is nothing.
  func status(_ path: String) -> stat? {
    var status = stat()
    return stat(absolute(path), &status) == 0 ? status : nil
  }

  /// Whether the name is a link, or one of several names of a file: such a name appears complete, without a write.
  func isLink(_ path: String) -> Bool {
    var status = stat()
    guard lstat(absolute(path), &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFLNK || status.st_nlink > 1
  }

  /// Every policy file and directory below the root. Links to files are followed, links to directories are not.
  ///
  /// - Parameter visit: called for every directory before it is listed, so that a watch misses nothing.
  func list(visit: (String) throws -> Void) throws -> Listing {
    var listing = Listing()
    try list("", depth: 0, into: &listing, visit: visit)
    return listing
  }

  private func list(
    _ directory: String, depth: Int, into listing: inout Listing, visit: (String) throws -> Void
  ) throws {
    guard depth <= Self.depthMax else { return }
    try visit(directory)
    guard let stream = opendir(absolute(directory)) else {
      // A directory below the root may vanish at any time; the root may not.
      if directory.isEmpty { throw FileError("cannot read directory \(root)", errno: errno) }
      return
    }
    defer { closedir(stream) }
    listing.directories.append(directory)
    while let entry = readdir(stream) {
      let name = Self.name(of: entry)
      guard name.utf8.first != UInt8(ascii: ".") else { continue }
      let path = Self.join(directory, name)
      var link = stat()
      guard lstat(absolute(path), &link) == 0 else { continue }
      if link.st_mode & S_IFMT == S_IFDIR {
        try list(path, depth: depth + 1, into: &listing, visit: visit)
      } else if Self.isPolicyFile(name), let status = status(path), status.st_mode & S_IFMT == S_IFREG {
        listing.files[path] = FileSignature(status)
      }
    }
  }

  private static func name(of entry: UnsafeMutablePointer<dirent>) -> String {
    withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
        String(cString: $0)
      }
    }
  }

  /// What reading a file gave.
  enum Reading: Sendable {
    case parsed(ParsedFile, FileSignature?)
    /// It changed while it was read.
    case unsettled
    case vanished
  }

  func parse(_ path: String, allowUnsupported: Bool) -> Reading {
    let descriptor = open(absolute(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return .vanished }
      return .parsed(ParsedFile(unreadable: path, reason: FileError("cannot open", errno: errno).description), nil)
    }
    defer { close(descriptor) }
    var before = stat()
    guard fstat(descriptor, &before) == 0, before.st_mode & S_IFMT == S_IFREG else { return .vanished }
    let signature = FileSignature(before)
    guard before.st_size <= PolicyParser.fileBytesMax else {
      let reason = "the file has \(before.st_size) bytes; at most \(PolicyParser.fileBytesMax) are read, split it"
      return .parsed(ParsedFile(unreadable: path, reason: reason), signature)
    }
    switch Self.contents(descriptor, bytes: before.st_size) {
    case .failure(let error):
      return .parsed(ParsedFile(unreadable: path, reason: error.description), signature)
    case .success(let bytes):
      var after = stat()
      guard fstat(descriptor, &after) == 0, FileSignature(after) == signature, bytes.count == before.st_size else {
        return .unsettled
      }
      let file = PolicyParser.parse(bytes, path: path, allowUnsupported: allowUnsupported) { name in
        try Self.body(Self.join(Self.directory(of: absolute(path)), name))
      }
      return .parsed(file, signature)
    }
  }

  private static func directory(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// Bytes of a body file at most, and one more so that a larger one is noticed.
  private static let bodyBytesMax = (1 << 20) + 1

  /// The content of a file that a policy file names.
  static func body(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError("cannot open", errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw FileError("cannot read", errno: EISDIR)
    }
    return try contents(descriptor, bytes: bodyBytesMax).get()
  }

  static func contents(_ descriptor: Int32, bytes size: Int) -> Result<[UInt8], FileError> {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = FileError("cannot read", errno: errno) }
        if got <= 0 { return }
        count += got
      }
    }
    if let failure { return .failure(failure) }
    return .success(bytes)
  }
}
