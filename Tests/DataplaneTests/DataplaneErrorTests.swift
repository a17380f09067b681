// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Dataplane

@Suite struct DataplaneErrorTests {
  @Test func descriptionSaysActionReasonAdviceAndLog() {
    let error = DataplaneError(
      .program, "load BPF object connect", errno: EPERM, log: ["first line", "second line"], advice: "run as root")
    #expect(
      error.description == """
        cannot load BPF object connect: Operation not permitted (errno 1); run as root
          | first line
          | second line
        """)
  }

  @Test func partsThatAreUnknownAreLeftOut() {
    #expect(DataplaneError(.map, "open a map").description == "cannot open a map")
    #expect(DataplaneError(.map, "open a map", advice: "try again").description == "cannot open a map; try again")
    #expect(
      DataplaneError(.map, "open a map", errno: ENOENT).description
        == "cannot open a map: No such file or directory (errno 2)")
  }

  @Test func resultOfALibbpfCallIsTheErrorNumber() {
    #expect(errorNumber(-ENOENT) == ENOENT)
    #expect(errorNumber(Int64(-7)) == 7)
    errno = EBUSY
    #expect(errorNumber(-1) == EBUSY)
  }
}
