// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

/// What a client is answered when no endpoint may take its request.
@Suite struct RefusalTests {
  static let reasons = (0..<SWERVE_REASON_COUNT.rawValue).map { $0 }

  /// The whole text of a refusal, as long as it says it is.
  private func text(_ reason: UInt32) throws -> [UInt8] {
    try withUnsafeBytes(of: swerve_refusals) { bytes in
      let refusals = bytes.bindMemory(to: swerve_refusal.self)
      try #require(refusals.count == Self.reasons.count && refusals[Int(reason)].length <= SWERVE_REFUSAL_BYTES)
      return withUnsafeBytes(of: refusals[Int(reason)].text) { Array($0.prefix(Int(refusals[Int(reason)].length))) }
    }
  }

  @Test(arguments: reasons) func everyReasonHasAWholeResponse(reason: UInt32) throws {
    let text = try text(reason)
    let answer = HTTP1.parse(text, isResponse: true)
    #expect(answer.result == SWERVE_HTTP1_COMPLETE && answer.head.length == UInt32(text.count))
    #expect(answer.head.status == 503 && answer.head.has(SWERVE_HTTP1_VERSION_1_1))
    var head = answer.head
    #expect(swerve_native_http1_persists(&head) == 1)
    #expect(!text.contains(0))
  }

  @Test(arguments: reasons) func itNamesItsReasonAndWhenToComeAgain(reason: UInt32) throws {
    let lines = String(decoding: try text(reason), as: UTF8.self).split(separator: "\r\n")
    let name = String(cString: swerve_reason_name(reason))
    #expect(lines.contains("x-swerve-reason: \(name)"))
    #expect(lines.contains("retry-after: 1") && lines.contains("server: swerve"))
  }

  /// A response to HEAD has no body, whatever its head says; so there is none to leave away.
  @Test(arguments: [SWERVE_HTTP1_GET, SWERVE_HTTP1_HEAD, SWERVE_HTTP1_POST])
  func itHasNoBodyForAnyMethod(method: swerve_http1_method) throws {
    for reason in Self.reasons {
      var head = HTTP1.parse(try text(reason), isResponse: true).head
      #expect(head.has(SWERVE_HTTP1_HAS_LENGTH) && head.content_length == 0 && !head.has(SWERVE_HTTP1_CHUNKED))
      var body = swerve_http1_body()
      swerve_native_http1_body_of_response(&head, method.rawValue, &body)
      #expect(body.phase == UInt32(SWERVE_HTTP1_DONE.rawValue))
    }
  }
}
