// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Testing

@testable import Discovery

@Suite(.serialized) struct PolicyDirectoryTests {
  private let temporary: TemporaryDirectory

  init() throws {
    temporary = try TemporaryDirectory()
  }

  private func follow() async throws -> Follower {
    try await Follower(PolicyDirectory(path: temporary.path))
  }

  private let web = TemporaryDirectory.web()
  private let changed = TemporaryDirectory.web(endpoint: "127.0.1.2")

  @Test func firstUpdateHasAllServices() async throws {
    try temporary.write(web, to: "web.yaml")
    try temporary.makeDirectory("team/a")
    try temporary.write(TemporaryDirectory.web("shop", ip: "127.96.0.2"), to: "team/a/shop.yml")
    try temporary.write("nonsense: [", to: ".hidden.yaml")
    try temporary.write("nonsense: [", to: "web.yaml~")
    try temporary.write("nonsense: [", to: "#web.yaml")
    let follower = try await follow()
    #expect(follower.services.keys.sorted() == ["default/shop:80", "default/web:80"])
    #expect(follower.last?.fileCount == 2 && follower.last?.complete == true && follower.last?.rejected == [])
  }

  /// How soon is for `make bench-scale` to measure: a test shares the machine with others.
  @Test func everyChangeIsSeenHoweverItIsWritten() async throws {
    try temporary.write(web, to: "web.yaml")
    let follower = try await follow()
    for i in 0..<10 {
      let text = i % 2 == 0 ? changed : web
      if i < 5 { try temporary.replace("web.yaml", with: text) } else { try temporary.write(text, to: "web.yaml") }
      try await follower.next()
      #expect(follower.services["default/web:80"] == [i % 2 == 0 ? "127.0.1.2" : "127.0.1.1"])
    }
    #expect(follower.removed.isEmpty)
  }

  @Test func badFileLeavesItsLastGoodVersionInForce() async throws {
    try temporary.write(web, to: "web.yaml")
    let follower = try await follow()
    try temporary.write(web.replacing("port: 80}", with: "prot: 80}"), to: "web.yaml")
    let update = try await follower.next()
    #expect(update.change.isEmpty && update.complete)
    #expect(update.rejected.map(\.path) == ["web.yaml"] && update.rejected.first?.hasLastGood == true)
    #expect(update.rejected.first?.diagnostics.first?.location.line == 4)
    try temporary.write("", to: "web.yaml")
    try await follower.until { $0.last?.rejected.first?.diagnostics.first?.message.contains("empty") == true }
    try temporary.write(changed, to: "web.yaml")
    try await follower.until { $0.services["default/web:80"] == ["127.0.1.2"] }
    #expect(follower.last?.rejected == [] && follower.removed.isEmpty)
  }

  @Test func badFileWithoutALastGoodVersionMakesThePolicyIncomplete() async throws {
    try temporary.write("kind: [", to: "web.yaml")
    let follower = try await follow()
    #expect(follower.last?.complete == false && follower.last?.rejected.first?.hasLastGood == false)
    try temporary.remove("web.yaml")
    #expect(try await follower.next().complete)
  }

  @Test func fileThatIsStillBeingWrittenIsNotRead() async throws {
    try temporary.write(web, to: "web.yaml")
    let follower = try await follow()
    let handle = try FileHandle(forWritingTo: URL(filePath: temporary.absolute("web.yaml")))
    try handle.truncate(atOffset: 0)
    let bytes = Data(changed.utf8)
    try handle.write(contentsOf: bytes.prefix(120))
    try await Task.sleep(for: .milliseconds(100))
    try handle.write(contentsOf: bytes.dropFirst(120))
    try handle.close()
    let update = try await follower.next()
    #expect(update.rejected == [] && follower.services == ["default/web:80": ["127.0.1.2"]])
    #expect(follower.removed.isEmpty)
  }

  @Test func deletedFileIsRemoved() async throws {
    try temporary.write(web, to: "web.yaml")
    let follower = try await follow()
    try temporary.remove("web.yaml")
    #expect(try await follower.next().change.removed == ["default/web:80"])
    #expect(follower.last?.fileCount == 0)
  }

  @Test func renamedFileKeepsItsServices() async throws {
    try temporary.write(web, to: "web.yaml")
    let follower = try await follow()
    try temporary.rename("web.yaml", to: "shop.yaml")
    try await follower.until { $0.last?.fileCount == 1 && $0.last?.rejected == [] && $0.last?.warnings == [] }
    try await Task.sleep(for: .milliseconds(100))
    #expect(follower.services["default/web:80"] == ["127.0.1.1"])
    try temporary.rename("shop.yaml", to: "shop.txt")
    try await follower.until { $0.services.isEmpty }
  }

  @Test func editorThatMovesTheFileAwayFirstRemovesNothing() async throws {
    try temporary.write(web, to: "web.yaml")
    let follower = try await follow()
    try temporary.rename("web.yaml", to: "web.yaml~")
    try await Task.sleep(for: .milliseconds(10))
    try temporary.write(changed, to: "web.yaml")
    try temporary.remove("web.yaml~")
    try await follower.until { $0.services["default/web:80"] == ["127.0.1.2"] }
    #expect(follower.removed.isEmpty)
  }

  @Test func swappedConfigMapIsOneChange() async throws {
    try temporary.makeDirectory("..2026_01")
    try temporary.write(web, to: "..2026_01/web.yaml")
    try temporary.link("..data", to: "..2026_01")
    try temporary.link("web.yaml", to: "..data/web.yaml")
    let follower = try await follow()
    #expect(follower.services == ["default/web:80": ["127.0.1.1"]])
    try temporary.makeDirectory("..2026_02")
    try temporary.write(changed, to: "..2026_02/web.yaml")
    try temporary.link("..data_tmp", to: "..2026_02")
    try temporary.rename("..data_tmp", to: "..data")
    try temporary.remove("..2026_01")
    try await follower.until { $0.services["default/web:80"] == ["127.0.1.2"] }
    #expect(follower.removed.isEmpty)
  }

  @Test func newDirectoryIsFollowedAndRemovedAsAWhole() async throws {
    let follower = try await follow()
    try temporary.makeDirectory("team/a")
    try temporary.write(web, to: "team/a/web.yaml")
    try await follower.until { $0.services.count == 1 }
    try temporary.write(changed, to: "team/a/web.yaml")
    try await follower.until { $0.services["default/web:80"] == ["127.0.1.2"] }
    try temporary.remove("team")
    try await follower.until { $0.services.isEmpty }
  }

  @Test func burstOfAThousandFilesArrivesComplete() async throws {
    let follower = try await follow()
    for i in 0..<1_000 {
      try temporary.write(
        TemporaryDirectory.web("s\(i)", ip: "127.96.\(i >> 8).\(i & 255)"), to: "s\(i).yaml")
    }
    try await follower.until { $0.services.count == 1_000 }
    #expect(follower.last?.rejected == [] && follower.removed.isEmpty)
  }

  @Test func missingDirectoryIsAnErrorUntilItAppears() async throws {
    let path = temporary.absolute("later")
    let follower = try await Follower(PolicyDirectory(path: path))
    #expect(follower.last?.complete == false)
    #expect(follower.last?.rejected.first?.diagnostics.first?.message.contains("No such file or directory") == true)
    try temporary.makeDirectory("later")
    try temporary.write(web, to: "later/web.yaml")
    try await follower.until { $0.services.count == 1 }
    #expect(follower.last?.complete == true)
  }

  @Test func replacedDirectoryIsPickedUpAndALostOneKeepsItsServices() async throws {
    try temporary.makeDirectory("one")
    try temporary.write(web, to: "one/web.yaml")
    try temporary.makeDirectory("two")
    try temporary.write(changed, to: "two/web.yaml")
    let follower = try await Follower(PolicyDirectory(path: temporary.absolute("one")))
    try temporary.rename("one", to: "gone")
    #expect(try await follower.next().rejected.first?.hasLastGood == true)
    #expect(follower.services.count == 1)
    try temporary.rename("two", to: "one")
    try await follower.until { $0.services["default/web:80"] == ["127.0.1.2"] }
    #expect(follower.last?.rejected == [] && follower.removed.isEmpty)
  }

  @Test func reloadAlwaysAnswers() async throws {
    try temporary.write(web, to: "web.yaml")
    let directory = PolicyDirectory(path: temporary.path)
    let follower = try await Follower(directory)
    directory.reload()
    let update = try await follower.next()
    #expect(update.change.isEmpty && update.fileCount == 1)
  }

  @Test func cancelledReaderEnds() async throws {
    let directory = PolicyDirectory(path: temporary.path)
    let stream = try directory.updates()
    let reader = Task {
      var count = 0
      for await _ in stream { count += 1 }
      return count
    }
    try await Task.sleep(for: .milliseconds(50))
    reader.cancel()
    #expect(await reader.value == 1)
  }

  @Test func lostEventsLeadToARescan() async throws {
    try temporary.write(web, to: "web.yaml")
    let directory = PolicyDirectory(path: temporary.path, allowUnsupported: false) { try OverflowingInotify() }
    let follower = try await Follower(directory)
    try temporary.write(changed, to: "web.yaml")
    try temporary.write(TemporaryDirectory.web("shop", ip: "127.96.0.2"), to: "shop.yaml")
    try await follower.until { $0.services.count == 2 && $0.services["default/web:80"] == ["127.0.1.2"] }
    try temporary.remove("shop.yaml")
    try await follower.until { $0.services.count == 1 }
  }

  @Test func slowReaderGetsChangesMerged() async throws {
    let follower = try await follow()
    for i in 1...5 {
      try temporary.write(TemporaryDirectory.web(endpoint: "127.0.1.\(i)"), to: "web.yaml")
      try await Task.sleep(for: .milliseconds(20))
    }
    try await follower.next()
    #expect(follower.services == ["default/web:80": ["127.0.1.5"]])
  }
}

/// The real events, of which every one is lost.
private final class OverflowingInotify: EventSource {
  private let inotify: Inotify

  init() throws { inotify = try Inotify() }

  func watch(_ directory: String, absolutePath: String) throws {
    try inotify.watch(directory, absolutePath: absolutePath)
  }

  func reset() throws { try inotify.reset() }

  func wait(wake: Int32, timeoutMilliseconds: Int32?) -> [WatchEvent] {
    inotify.wait(wake: wake, timeoutMilliseconds: timeoutMilliseconds).isEmpty ? [] : [.rescan]
  }
}
