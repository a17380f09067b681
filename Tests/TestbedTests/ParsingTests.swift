// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

@Suite struct ParsingTests {
  @Test(arguments: ["127.0.0.1:80", "[::1]:8080", "[fd00::1]:1"])
  func addressSurvivesTheWayThroughText(text: String) throws {
    #expect(try #require(TCPAddress(text)).description == text)
  }

  @Test(arguments: ["localhost:80", "127.0.0.1", "127.0.0.1:65536", "127.0.0.256:1", ""])
  func nameOrNonsenseIsNoAddress(text: String) {
    #expect(TCPAddress(text) == nil)
  }

  @Test func wrkReportIsReadFromItsLastLine() throws {
    let output = """
      Running 1s test @ http://127.0.0.1:1/
      Requests/sec:  99999
      swerve-report {"requests":3000,"seconds":1.500000,"p50Microseconds":93.000000,"p99Microseconds":210.000000,\
      "statusErrors":1,"socketErrors":2}
      """
    let result = try Wrk.parse(output)
    #expect(result.requestsPerSecond == 2000)
    #expect(result.p50Microseconds == 93)
    #expect(result.p99Microseconds == 210)
    #expect(result.statusErrors == 1)
    #expect(result.socketErrors == 2)
    #expect(throws: TestbedError.self) { try Wrk.parse("unable to connect") }
  }

  @Test func responseHeadGivesEndpointAndSize() throws {
    let text = "HTTP/1.1 200 OK\r\nX-Endpoint: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"
    let response = try #require(try HTTPResponse(head: Array((text + "he").utf8)))
    #expect(response.status == 200)
    #expect(response.endpoint == "a")
    #expect(response.closes)
    #expect(response.size == text.utf8.count + 5)
  }

  @Test func halfAResponseHeadIsNotOneYet() throws {
    #expect(try HTTPResponse(head: Array("HTTP/1.1 200 OK\r\nContent-".utf8)) == nil)
  }

  @Test(arguments: ["SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"])
  func responseWithoutAnEndIsMalformed(text: String) {
    #expect(throws: HTTPResponse.Malformed.self) { try HTTPResponse(head: Array(text.utf8)) }
  }

  @Test func residentMemoryIsInBytes() throws {
    #expect(try AgentProcess.residentBytes(status: "Name:\tx\nVmRSS:\t   41234 kB\nThreads:\t4\n") == 41234 * 1024)
    #expect(throws: TestbedError.self) { try AgentProcess.residentBytes(status: "Name:\tx\n") }
  }

  @Test func statusListsServices() {
    let status = #"{"agentRunning":true,"node":{"services":[{"name":"a"},{"name":"b"}]}}"#
    #expect(AgentProcess.services(inStatus: status) == 2)
    #expect(AgentProcess.services(inStatus: "not ready") == nil)
  }
}
