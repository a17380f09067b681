// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

extension swerve_http1_head {
  func has(_ flag: swerve_http1_flag) -> Bool { flags & UInt32(flag.rawValue) != 0 }

  /// HTTP/1.1 or a later minor version.
  var isHTTP11: Bool { has(SWERVE_HTTP1_VERSION_1_1) }

  /// The one Connection line, when it says nothing but close or keep-alive: then it can be taken out without changing
  /// the meaning of any other field. An empty range when there is no Connection; nil when it cannot be taken out.
  var plainConnectionLine: Range<Int>? {
    if !has(SWERVE_HTTP1_HAS_CONNECTION) { return 0..<0 }
    if has(SWERVE_HTTP1_SEVERAL_CONNECTIONS) || has(SWERVE_HTTP1_CONNECTION_OTHER)
      || has(SWERVE_HTTP1_CONNECTION_UPGRADE)
    {
      return nil
    }
    return Int(connection)..<Int(connection + connection_length)
  }
}

/// What is changed in a head on its way. Hop-by-hop fields concern one connection, and the relay has two of them.
struct HeadEdit {
  /// A line that is left out; empty for none.
  var removed = 0..<0
  /// Whether `connection: close` is added.
  var announcesClose = false
  /// Whether an HTTP/1.0 status line becomes one of HTTP/1.1, the version this end speaks (RFC 9110 section 2.5).
  var raisesVersion = false

  var isNothing: Bool { removed.isEmpty && !announcesClose && !raisesVersion }

  /// The head of `length` bytes with its changes, followed by the rest of the bytes as they are.
  func apply(to bytes: UnsafeRawBufferPointer, headLength length: Int) -> [UInt8] {
    var edited: [UInt8] = []
    edited.reserveCapacity(bytes.count + 24)
    edited.append(contentsOf: bytes.part(0..<removed.lowerBound))
    // The empty line is two bytes.
    edited.append(contentsOf: bytes.part(removed.upperBound..<length - 2))
    if announcesClose { edited.append(contentsOf: "connection: close\r\n".utf8) }
    edited.append(contentsOf: bytes.from(length - 2))
    // HTTP/1.0
    if raisesVersion { edited[7] = UInt8(ascii: "1") }
    return edited
  }
}

/// What the relay has to remember of a request's head.
struct RequestTraits {
  /// enum swerve_http1_method
  let method: UInt32
  let isHTTP11: Bool
  /// Whether the client's connection ends with the response.
  let closesClient: Bool
  /// Whether the endpoint's connection can carry another request afterwards.
  let keepsConnection: Bool
  let asksForUpgrade: Bool
  /// Whether the kernel would leave every such request to the relay.
  let isUnsteerable: Bool
  let edit: HeadEdit

  init(_ head: swerve_http1_head) {
    method = head.method
    isHTTP11 = head.isHTTP11
    asksForUpgrade = head.has(SWERVE_HTTP1_UPGRADE) && head.has(SWERVE_HTTP1_CONNECTION_UPGRADE)
    closesClient = head.has(SWERVE_HTTP1_CLOSE) || !head.isHTTP11
    isUnsteerable =
      !head.isHTTP11 || head.has(SWERVE_HTTP1_CLOSE) || head.has(SWERVE_HTTP1_UPGRADE)
      || head.has(SWERVE_HTTP1_EXPECT_CONTINUE) || head.method == UInt32(SWERVE_HTTP1_CONNECT.rawValue)
    var edit = HeadEdit()
    if head.isHTTP11, head.has(SWERVE_HTTP1_CLOSE), let line = head.plainConnectionLine { edit.removed = line }
    self.edit = edit
    // HTTP/1.0 goes as it is: its endpoint answers in kind and closes.
    keepsConnection = head.isHTTP11 && (!head.has(SWERVE_HTTP1_CLOSE) || !edit.removed.isEmpty)
  }

  /// For the rest of a response to a request that the kernel steered: it steers none with a Connection of consequence.
  init(steered method: UInt32) {
    self.method = method
    isHTTP11 = true
    closesClient = false
    keepsConnection = true
    asksForUpgrade = false
    isUnsteerable = false
    edit = HeadEdit()
  }

  var isHead: Bool { method == UInt32(SWERVE_HTTP1_HEAD.rawValue) }
  var isConnect: Bool { method == UInt32(SWERVE_HTTP1_CONNECT.rawValue) }

  /// Whether sending it twice does no more than sending it once (RFC 9110 section 9.2.2).
  var isIdempotent: Bool {
    switch swerve_http1_method(method) {
    case SWERVE_HTTP1_GET, SWERVE_HTTP1_HEAD, SWERVE_HTTP1_OPTIONS, SWERVE_HTTP1_PUT, SWERVE_HTTP1_DELETE,
      SWERVE_HTTP1_TRACE:
      true
    default: false
    }
  }
}
