// SPDX-License-Identifier: Apache-2.0

/// The YAML documents of one file, one after the other, each with a reader of its own.
package enum DocumentStream {
  /// libyaml compares each of these with all before it.
  private static let tagDirectivesMax = 256

  /// Calls `read` with the root of each document that is not empty. What is wrong with the YAML itself is reported.
  ///
  /// - Returns: what was reported, by the readers too.
  package static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, path: String, allowUnsupported: Bool = false,
    _ read: (Reader, Node) -> Void
  ) -> DiagnosticSink {
    self.read(bytes, path: path, allowUnsupported: allowUnsupported, readBody: nil, read)
  }

  static func read(
    _ bytes: UnsafeBufferPointer<UInt8>, path: String, allowUnsupported: Bool, readBody: PolicyParser.BodyReader?,
    _ read: (Reader, Node) -> Void
  ) -> DiagnosticSink {
    var sink = DiagnosticSink(file: path)
    guard tagDirectives(in: bytes) <= tagDirectivesMax else {
      sink.report(.error, at: .start, field: "", "the file has more than \(tagDirectivesMax) %TAG directives")
      return sink
    }
    var builder = TreeBuilder()
    do {
      try EventParser.forEachEvent(of: bytes) { event, position in
        try builder.handle(event, at: position)
        guard case .documentEnd = event else { return }
        let reader = Reader(
          tree: builder.tree, sink: sink, allowUnsupported: allowUnsupported, readBody: readBody)
        for complaint in builder.complaints {
          reader.error(at: complaint.position, field: complaint.field, complaint.message)
        }
        if let root = builder.root { read(reader, reader.tree[root]) }
        sink = reader.sink
        builder = TreeBuilder()
      }
    } catch let error as YAMLSyntaxError {
      for complaint in builder.complaints {
        sink.report(.error, at: complaint.position, field: complaint.field, complaint.message)
      }
      sink.report(.error, at: error.position, field: "", error.message)
    } catch {
      sink.report(.error, at: .start, field: "", "not YAML: \(error)")
    }
    return sink
  }

  /// The document of a file that holds one.
  ///
  /// - Parameters:
  ///   - what: one thing that the file holds, for messages: `scenario`.
  ///   - read: its value as far as it can be read; what is wrong is reported to the reader.
  /// - Returns: nil when a diagnostic is an error; everything wrong with the file, in the order of its lines.
  package static func readOne<Value>(
    _ bytes: [UInt8], path: String, bytesMax: Int, what: String, _ read: (Reader, Node) -> Value?
  ) -> (value: Value?, diagnostics: [Diagnostic]) {
    if bytes.count > bytesMax {
      return unreadable(path, "the file has \(bytes.count) bytes; at most \(bytesMax) are read")
    }
    var value: Value?
    var documents = 0
    let sink = bytes.withUnsafeBufferPointer { bytes in
      self.read(bytes, path: path) { reader, root in
        if reader.isNull(root) { return }
        documents += 1
        if documents == 1 {
          value = read(reader, root)
        } else if documents == 2 {
          reader.error(at: root.position, "a second document; a file holds one \(what)")
        }
      }
    }
    if documents == 0 && !sink.hasErrors { return unreadable(path, "the file holds no \(what)") }
    return (sink.hasErrors ? nil : value, sink.diagnostics.sorted())
  }

  private static func unreadable<Value>(_ path: String, _ reason: String) -> (Value?, [Diagnostic]) {
    let start = SourceLocation(file: path, line: 1, column: 1)
    return (nil, [Diagnostic(severity: .error, location: start, field: "", message: reason)])
  }

  private static func tagDirectives(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    guard bytes.contains(UInt8(ascii: "%")) else { return 0 }
    var count = 0
    var isLineStart = true
    for byte in bytes {
      if isLineStart, byte == UInt8(ascii: "%") { count += 1 }
      isLineStart = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }
    return count
  }
}
