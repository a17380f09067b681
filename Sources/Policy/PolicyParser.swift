// SPDX-License-Identifier: Apache-2.0

/// Reads policy files: Services, EndpointSlices and traffic rules in YAML or JSON. Pure: text in, objects out.
public enum PolicyParser {
  /// A larger file is an error; split it. 64 MiB hold some 300,000 endpoints.
  public static let fileBytesMax = 64 << 20

  /// The content of a file that a policy file names, by its path relative to that file. The parser opens no files, so
  /// whoever reads policy files hands this in; the error's description says why there is no content.
  public typealias BodyReader = (String) throws -> [UInt8]

  /// libyaml compares each of these with all before it.
  private static let tagDirectivesMax = 256

  /// Parses a whole file. Every mistake is reported, not only the first; a file that is not YAML is reported up to
  /// the place where that shows.
  ///
  /// - Parameters:
  ///   - path: the file's name in diagnostics, and its identity in `PolicyStore`.
  ///   - allowUnsupported: whether fields that Kubernetes has and Swerve has not are warnings instead of errors.
  ///   - readBody: see `BodyReader`; without one, naming a file is an error.
  public static func parse(
    _ bytes: [UInt8], path: String, allowUnsupported: Bool = false, readBody: BodyReader? = nil
  ) -> ParsedFile {
    bytes.withUnsafeBufferPointer {
      parse($0, path: path, allowUnsupported: allowUnsupported, readBody: readBody)
    }
  }

  public static func parse(
    _ text: String, path: String, allowUnsupported: Bool = false, readBody: BodyReader? = nil
  ) -> ParsedFile {
    var text = text
    return text.withUTF8 { parse($0, path: path, allowUnsupported: allowUnsupported, readBody: readBody) }
  }

  /// The buffer is borrowed for the call.
  public static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, path: String, allowUnsupported: Bool = false, readBody: BodyReader? = nil
  ) -> ParsedFile {
    if bytes.isEmpty {
      // An editor or a full disk leaves such a file; taking it at its word would remove services by accident.
      return ParsedFile(unreadable: path, reason: "the file is empty; delete it to remove its services")
    }
    guard bytes.count <= fileBytesMax else {
      return ParsedFile(
        unreadable: path, reason: "the file has \(bytes.count) bytes; at most \(fileBytesMax) are read, split it")
    }
    guard tagDirectives(in: bytes) <= tagDirectivesMax else {
      return ParsedFile(unreadable: path, reason: "the file has more than \(tagDirectivesMax) %TAG directives")
    }
    var sink = DiagnosticSink(file: path)
    var objects = FileObjects()
    var builder = TreeBuilder()
    do {
      try EventParser.forEachEvent(of: bytes) { event, position in
        try builder.handle(event, at: position)
        guard case .documentEnd = event else { return }
        let reader = Reader(
          tree: builder.tree, sink: sink, allowUnsupported: allowUnsupported, readBody: readBody)
        read(builder, reader, into: &objects)
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
    return ParsedFile(
      path: path, diagnostics: sink.diagnostics.sorted(), hasErrors: sink.hasErrors, objects: objects)
  }

  private static func read(_ builder: TreeBuilder, _ reader: Reader, into objects: inout FileObjects) {
    for complaint in builder.complaints {
      reader.error(at: complaint.position, field: complaint.field, complaint.message)
    }
    guard let root = builder.root else { return }
    reader.document(reader.tree[root], into: &objects)
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
