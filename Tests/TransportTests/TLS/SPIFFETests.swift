// SPDX-License-Identifier: Apache-2.0

import Testing
import Transport

/// The SPIFFE ID specification, section 2.
struct SPIFFETests {
  @Test(arguments: [
    ("spiffe://example.org", "example.org", ""),
    ("spiffe://example.org/ns/default/sa/agent", "example.org", "/ns/default/sa/agent"),
    ("spiffe://a-b_c.1/A.b-C_9", "a-b_c.1", "/A.b-C_9"),
    ("spiffe://example.org/...", "example.org", "/..."),
  ])
  func parses(text: String, trustDomain: String, path: String) throws {
    let id = try SPIFFEID(text)
    #expect(id.trustDomain == trustDomain)
    #expect(id.path == path)
    #expect(id.description == text)
  }

  @Test(arguments: [
    "", "spiffe", "spiffe:", "spiffe://", "spiffe:///path", "SPIFFE://example.org", "https://example.org/a",
    "spiffe://Example.org", "spiffe://example.org:80/a", "spiffe://user@example.org/a", "spiffe://example.org/",
    "spiffe://example.org/a/", "spiffe://example.org//a", "spiffe://example.org/./a", "spiffe://example.org/a/..",
    "spiffe://example.org/a?b", "spiffe://example.org/a#b", "spiffe://example.org?b", "spiffe://example.org/%61",
    "spiffe://example.org/a b", "spiffe://exämple.org/a", "spiffe://example.org/ä", "spiffe://example.org/a\u{0}b",
    "spiffe://example.org/*", " spiffe://example.org",
  ])
  func refuses(text: String) {
    #expect(throws: TransportError.self) { try SPIFFEID(text) }
  }

  @Test func hasLimits() throws {
    let domain = String(repeating: "a", count: SPIFFEID.trustDomainByteCountMax)
    _ = try SPIFFEID("spiffe://\(domain)")
    #expect(throws: TransportError.self) { try SPIFFEID("spiffe://\(domain)a") }
    let longest = "spiffe://example.org/" + String(repeating: "p", count: SPIFFEID.byteCountMax - 21)
    _ = try SPIFFEID(longest)
    #expect(throws: TransportError.self) { try SPIFFEID(longest + "p") }
  }

  @Test func patternsMatchWholeSegments() throws {
    let agent = try SPIFFEID("spiffe://example.org/ns/default/agent")
    func matches(_ pattern: String) throws -> Bool { try SPIFFEPattern(pattern).matches(agent) }
    #expect(try matches("spiffe://example.org/ns/default/agent"))
    #expect(try matches("spiffe://example.org/ns/default/*"))
    #expect(try matches("spiffe://example.org/ns/*"))
    #expect(try matches("spiffe://example.org/*"))
    #expect(try !matches("spiffe://example.org/ns/default"))
    #expect(try !matches("spiffe://example.org/ns/default/agent/*"))
    #expect(try !matches("spiffe://example.org/ns/def/*"))
    #expect(try !matches("spiffe://other.org/*"))
    #expect(try !matches("spiffe://example.org.evil/*"))
    #expect(try SPIFFEPattern("spiffe://example.org/*").matches(SPIFFEID("spiffe://example.org")))
    #expect(try !SPIFFEPattern("spiffe://example.org").matches(agent))
    #expect(SPIFFEPattern(exactly: agent).matches(agent))
  }

  @Test(arguments: [
    "*", "spiffe://*", "spiffe://*/a", "spiffe://example.org/a*", "spiffe://example.org/*/a", "spiffe://example.org/**",
    "spiffe://example.org//*",
  ])
  func wildcardsElsewhereAreRefused(pattern: String) {
    #expect(throws: TransportError.self) { try SPIFFEPattern(pattern) }
  }

  @Test func aWorkloadHasExactlyOneURIAndIsNoAuthority() {
    let id = "spiffe://example.org/a"
    #expect(PeerCertificate(subject: "", uris: [id]).spiffeID?.description == id)
    #expect(PeerCertificate(subject: "", uris: [id, id]).spiffeID == nil)
    #expect(PeerCertificate(subject: "", uris: [id, "https://example.org"]).spiffeID == nil)
    #expect(PeerCertificate(subject: "", uris: []).spiffeID == nil)
    #expect(PeerCertificate(subject: "", uris: [id], isAuthority: true).spiffeID == nil)
  }
}
