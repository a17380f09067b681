// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@testable import Discovery

@Suite struct PolicyLoadTests {
  @Test func filesAndDirectoriesAreReadTogether() throws {
    let temporary = try TemporaryDirectory()
    try temporary.makeDirectory("d")
    try temporary.write(TemporaryDirectory.web(), to: "d/web.yaml")
    try temporary.write(TemporaryDirectory.web("shop"), to: "shop.yaml")
    let load = PolicyLoad.load(paths: [temporary.absolute("d"), temporary.absolute("shop.yaml")])
    #expect(load.fileCount == 2 && load.hasErrors)
    #expect(load.diagnostics.map(\.location.file) == [temporary.absolute("shop.yaml")])
    #expect(load.store.services.count == 1)
  }

  @Test func missingFileIsAnError() {
    let load = PolicyLoad.load(paths: ["no/such/file.yaml"])
    #expect(load.diagnostics.map(\.description) == ["no/such/file.yaml:1:1: no such file"])
  }
}
