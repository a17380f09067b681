// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// Follows a response on its way from the endpoint to the client, and says what the client is to get of it.
struct ResponseReader {
  enum Progress {
    /// More has to come.
    case more
    /// The response is over. `hasSurplus`: bytes follow that nobody asked for.
    case done(hasSurplus: Bool)
    /// The connection is no longer HTTP/1 from this offset of the bytes on.
    case tunnel(offset: Int)
    case malformed
  }

  /// What is known with a response's last bytes.
  struct End {
    let status: UInt32
    let closesClient: Bool
  }

  /// Gets bytes for the client, valid during the call; the last of the response come with its end.
  typealias Emit = (_ bytes: UnsafeRawBufferPointer, _ end: End?) -> Void

  /// Called before the first byte of a response that the kernel would not carry, whatever the endpoint.
  var willForwardUnsteerable: () -> Void = {}

  /// Asked once, with the status of the final response, while the client has got nothing: whether it is to get nothing of
  /// it at all, because the request is sent again.
  var isUnwanted: (_ status: UInt32) -> Bool = { _ in false }

  /// The request is not sent to its end: should the response be so before it, the client's connection ends with it.
  var isEarly = false

  private let request: RequestTraits
  private var body = BodyFraming()
  private var isInBody = false
  /// What has come of an unfinished head.
  private var head = ByteQueue()
  private var partial: swerve_http1_head?

  /// Any byte has come.
  private(set) var hasStarted = false
  /// Bytes of the final response were given to the client: it cannot get another one any more.
  private(set) var isForwarding = false
  /// Anything was given to the client, be it an interim response.
  private(set) var hasEmitted = false
  /// The response is unwanted, and over for the client.
  private(set) var isDiscarded = false
  private(set) var status: UInt32 = 0
  /// Whether the endpoint's connection can carry another request afterwards.
  private(set) var keepsConnection = false
  /// Whether the client's connection has to end with this response.
  private(set) var closesClient: Bool
  /// Whether bytes of the request are still to come: then an endpoint that closes ends the client's connection, too.
  var requestIsOpen = false
  /// Seconds for which the endpoint says it keeps an idle connection, 0 when it does not.
  private(set) var keepAliveSeconds: UInt32 = 0

  init(to request: RequestTraits) {
    self.request = request
    closesClient = request.closesClient
  }

  /// The rest of a response whose head the kernel has carried.
  init(steered slot: swerve_slot) {
    self.init(to: RequestTraits(steered: slot.method))
    guard slot.status != 0 else { return }
    status = slot.status
    body = BodyFraming(slot.response)
    isInBody = true
    hasStarted = true
    isForwarding = true
    hasEmitted = true
    keepsConnection = true
  }

  /// Takes bytes of the endpoint. Offsets count from their start.
  mutating func take(_ bytes: UnsafeRawBufferPointer, _ emit: Emit) -> Progress {
    hasStarted = true
    if head.isEmpty { return advance(bytes, emit) }
    var gathered = head
    let before = gathered.count
    head = ByteQueue()
    gathered.append(bytes)
    let progress = gathered.withBytes { advance($0, emit) }
    if case .tunnel(let offset) = progress { return .tunnel(offset: offset - before) }
    return progress
  }

  /// Nil while more of the body has to come.
  private var end: End? { body.isDone ? End(status: status, closesClient: closesClient) : nil }

  /// The endpoint has ended the connection. Whether that was the end of the response.
  var endsWithConnection: Bool { isInBody && body.isUntilClose }

  private mutating func advance(_ bytes: UnsafeRawBufferPointer, _ emit: Emit) -> Progress {
    var offset = 0
    while offset < bytes.count {
      let rest = bytes.from(offset)
      if isInBody {
        guard let size = body.advance(rest) else { return .malformed }
        if size > 0 { emit(rest.part(0..<size), end) }
        return body.isDone ? .done(hasSurplus: size < rest.count) : .more
      }
      var parsed = swerve_http1_head()
      if let partial { parsed = partial } else { swerve_native_http1_begin(0, &parsed) }
      let result = swerve_native_http1_parse_response(
        rest.octets, UInt32(rest.count), UInt32(headBytesMax), &parsed)
      if result == SWERVE_HTTP1_INCOMPLETE {
        partial = parsed
        head.append(rest)
        return .more
      }
      partial = nil
      guard result == SWERVE_HTTP1_COMPLETE else { return .malformed }
      if parsed.status < 200 && parsed.status != 101 {
        willForwardUnsteerable()
        // HTTP/1.0 knows no interim responses (RFC 9110 section 15.2).
        if request.isHTTP11 {
          hasEmitted = true
          emit(rest.part(0..<Int(parsed.length)), nil)
        }
        offset += Int(parsed.length)
        continue
      }
      return begin(rest, offset, parsed, emit)
    }
    return .more
  }

  /// The head of the final response, with what has come of its body.
  private mutating func begin(
    _ bytes: UnsafeRawBufferPointer, _ offset: Int, _ parsed: swerve_http1_head, _ emit: Emit
  ) -> Progress {
    let length = Int(parsed.length)
    status = parsed.status
    body = BodyFraming(ofResponse: parsed, to: request.method)
    if !hasEmitted, isUnwanted(status) { return discard(bytes, parsed) }
    hasEmitted = true
    if body.isUnsteerable { willForwardUnsteerable() }
    if body.isTunnel {
      guard request.isConnect || request.asksForUpgrade else { return .malformed }
      isForwarding = true
      emit(bytes.part(0..<length), nil)
      return .tunnel(offset: offset + length)
    }
    var parsed = parsed
    keepAliveSeconds = swerve_native_http1_keep_alive_s(bytes.octets, UInt32(bytes.count), &parsed)
    let edit = settle(parsed)
    guard let size = body.advance(bytes, from: length) else { return .malformed }
    isInBody = true
    isForwarding = true
    if edit.isNothing {
      emit(bytes.part(0..<length + size), end)
    } else {
      edit.apply(to: bytes.part(0..<length + size), headLength: length).withUnsafeBytes { emit($0, end) }
    }
    return body.isDone ? .done(hasSurplus: length + size < bytes.count) : .more
  }

  /// Follows an unwanted response as far as its bytes have come.
  private mutating func discard(_ bytes: UnsafeRawBufferPointer, _ parsed: swerve_http1_head) -> Progress {
    isDiscarded = true
    _ = settle(parsed)
    let length = Int(parsed.length)
    guard let size = body.advance(bytes, from: length) else { return .malformed }
    return body.isDone ? .done(hasSurplus: length + size < bytes.count) : .more
  }

  /// Decides which of the two connections outlive the response, and what its head says about the client's.
  private mutating func settle(_ head: swerve_http1_head) -> HeadEdit {
    var head = head
    var edit = HeadEdit()
    keepsConnection = swerve_native_http1_persists(&head) != 0 && !body.isUntilClose
    let saysClose = head.has(SWERVE_HTTP1_CLOSE)
    if body.isUntilClose || isEarly { closesClient = true }
    if !closesClient, saysClose {
      if !requestIsOpen, let line = head.plainConnectionLine { edit.removed = line } else { closesClient = true }
    }
    if closesClient && !saysClose {
      edit.announcesClose = true
      edit.removed = head.plainConnectionLine ?? 0..<0
    }
    edit.raisesVersion = !closesClient && !head.isHTTP11
    return edit
  }
}
