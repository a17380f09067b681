// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// The longest head the relay takes, of requests and responses, in bytes.
let headBytesMax = 65_536

/// Where the body of one message is; the core's framing with Swift's names.
struct BodyFraming {
  private var body: swerve_http1_body

  init(_ body: swerve_http1_body = swerve_http1_body()) {
    self.body = body
  }

  init(ofRequest head: swerve_http1_head) {
    var head = head
    body = swerve_http1_body()
    swerve_native_http1_body_of_request(&head, &body)
  }

  init(ofResponse head: swerve_http1_head, to method: UInt32) {
    var head = head
    body = swerve_http1_body()
    swerve_native_http1_body_of_response(&head, method, &body)
  }

  /// Takes the body further by as many of the bytes as belong to it. Nil when they break its framing.
  mutating func advance(_ bytes: UnsafeRawBufferPointer, from offset: Int = 0) -> Int? {
    let size = swerve_native_http1_advance(bytes.octets, UInt32(offset), UInt32(bytes.count), &body)
    return isIn(SWERVE_HTTP1_BODY_MALFORMED) ? nil : Int(size)
  }

  /// Its last byte has passed, or it has none.
  var isDone: Bool { isIn(SWERVE_HTTP1_DONE) }
  var isUntilClose: Bool { isIn(SWERVE_HTTP1_UNTIL_CLOSE) }
  var isTunnel: Bool { isIn(SWERVE_HTTP1_TUNNEL) }

  /// Whether more of it is to come than an endpoint's socket takes at once, or nobody knows how much.
  var isLong: Bool {
    !isDone && (!isIn(SWERVE_HTTP1_LENGTH) || body.remaining > 65_536)
  }
  /// Of a response: whether it is more than the kernel carries, or goes on without an end.
  var isUnsteerable: Bool {
    isTunnel || isUntilClose
      || isIn(SWERVE_HTTP1_LENGTH)
        && body.remaining > UInt64(SWERVE_CREDIT_BYTES - SWERVE_CREDIT_STEP)
  }

  private func isIn(_ phase: swerve_http1_phase) -> Bool { body.phase == UInt32(phase.rawValue) }
}
