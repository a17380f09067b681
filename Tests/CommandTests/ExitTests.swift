// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dataplane
import Glibc
import Testing

@testable import swerve

@Suite struct ExitTests {
  @Test(
    arguments: [
      (.privilege, 0, 77), (.notInstalled, 0, 69), (.notInstalled, EPERM, 69), (.locked, 0, 75),
      (.program, 0, 71), (.program, EINVAL, 71), (.program, EPERM, 77), (.map, EACCES, 77), (.map, ENOMEM, 71),
      (.full, E2BIG, 71), (.environment, ENOENT, 71), (.environment, EACCES, 77),
    ] as [(DataplaneError.Code, Int32, Int32)])
  func errorOfTheDataplaneHasItsExitCode(code: DataplaneError.Code, number: Int32, exitCode: Int32) {
    #expect(DataplaneError(code, "do it", errno: number).exitCode.rawValue == exitCode)
  }

  @Test func otherErrorsPassThrough() async {
    struct Other: Error {}
    await #expect(throws: Other.self) { try await exiting { throw Other() } }
  }

  @Test func errorOfTheDataplaneBecomesOneMessageAndItsExitCode() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let error = await #expect(throws: ExitCode.self) {
        try await exiting { throw DataplaneError(.locked, "take it", advice: "wait") }
      }
      #expect(error == .locked)
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.split(separator: "\n").contains("swerve: cannot take it; wait"))
  }
}
