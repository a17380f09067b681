// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@testable import Discovery

@Suite struct FileSetTests {
  private func web(_ path: String, ip: String) -> ParsedFile {
    PolicyParser.parse(TemporaryDirectory.web(String(path.prefix(1)), ip: ip), path: path)
  }

  @Test func fileThatTakesAnothersAddressKeepsItsLastGoodVersion() {
    var files = FileSet()
    _ = files.apply([web("a.yaml", ip: "127.96.0.1"), web("b.yaml", ip: "127.96.0.2")], removing: [])
    let change = files.apply([web("b.yaml", ip: "127.96.0.1")], removing: [])
    let update = files.update(change, unreadable: nil)
    #expect(update.rejected.map(\.path) == ["b.yaml"] && update.complete)
    #expect(files.store.services["default/b:80"]?.frontends.first?.description == "127.96.0.2:80")
    #expect(files.store.services["default/a:80"]?.frontends.first?.description == "127.96.0.1:80")
  }

  @Test func rejectedFileIsTriedAgainWhenTheOtherOneGivesWay() {
    var files = FileSet()
    _ = files.apply([web("a.yaml", ip: "127.96.0.1"), web("b.yaml", ip: "127.96.0.2")], removing: [])
    _ = files.apply([web("b.yaml", ip: "127.96.0.1")], removing: [])
    let change = files.apply([web("a.yaml", ip: "127.96.0.3")], removing: [])
    #expect(files.update(change, unreadable: nil).rejected == [])
    #expect(change.upserted.map(\.name) == ["default/a:80", "default/b:80"])
    #expect(files.store.services["default/b:80"]?.frontends.first?.description == "127.96.0.1:80")
  }

  @Test func newFileThatConflictsIsNotInForceAtAll() {
    var files = FileSet()
    let change = files.apply([web("a.yaml", ip: "127.96.0.1"), web("b.yaml", ip: "127.96.0.1")], removing: [])
    let update = files.update(change, unreadable: nil)
    #expect(files.store.services.keys.sorted() == ["default/a:80"])
    #expect(update.rejected.first?.hasLastGood == false && !update.complete && update.fileCount == 1)
  }

  @Test func forgettingARejectedFileForgetsItsDiagnostics() {
    var files = FileSet()
    _ = files.apply([PolicyParser.parse("a: [", path: "a.yaml")], removing: [])
    let change = files.apply([], removing: ["a.yaml"])
    #expect(files.update(change, unreadable: nil).rejected == [] && files.paths.isEmpty)
  }
}
