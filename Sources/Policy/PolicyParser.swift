// SPDX-License-Identifier: Apache-2.0

/// Reads policy files: Services, EndpointSlices and traffic rules in YAML or JSON. Pure: text in, objects out.
public enum PolicyParser {
  /// A larger file is an error; split it. 64 MiB hold some 300,000 endpoints.
  public static let fileBytesMax = 64 << 20

  /// The content of a file that a policy file names, by its path relative to that file. The parser opens no files, so
  /// whoever reads policy files hands this in; the error's description says why there is no content.
  public typealias BodyReader = (String) throws -> [UInt8]

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
    var objects = FileObjects()
    let sink = DocumentStream.read(bytes, path: path, allowUnsupported: allowUnsupported, readBody: readBody) {
      reader, root in reader.document(root, into: &objects)
    }
    return ParsedFile(
      path: path, diagnostics: sink.diagnostics.sorted(), hasErrors: sink.hasErrors, objects: objects)
  }
}
