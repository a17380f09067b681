// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Telemetry

@Suite struct SettingsTests {
  private static func connection(
    _ variables: [String: String], _ signal: Signal = .metrics
  ) throws -> ConnectionSettings {
    try ExporterEnvironment(variables).connection(for: signal)
  }

  private static func message(_ variables: [String: String]) -> String? {
    do {
      _ = try ExporterEnvironment(variables).connection(for: .metrics)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func withoutVariablesTheDefaultsOfTheSpecificationHold() throws {
    let settings = try Self.connection([:])
    #expect(settings.exportProtocol == .httpProtobuf)
    #expect(settings.endpoint(for: .metrics).description == "http://localhost:4318/v1/metrics")
    #expect(settings.compression == .none)
    #expect(settings.headers == [])
    let grpc = try Self.connection(["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"])
    #expect(grpc.endpoint == Endpoint(host: "localhost", port: 4_317))
  }

  @Test(arguments: [
    ("http://c:4318", "http://c:4318/v1/metrics"), ("http://c:4318/", "http://c:4318/v1/metrics"),
    ("https://c/otlp", "https://c:443/otlp/v1/metrics"), ("http://c/otlp/", "http://c:80/otlp/v1/metrics"),
    ("http://[::1]:4318", "http://[::1]:4318/v1/metrics"), ("HTTPS://c:1", "https://c:1/v1/metrics"),
  ])
  func aBaseURLGetsThePathOfTheSignal(text: String, url: String) throws {
    let settings = try Self.connection(["OTEL_EXPORTER_OTLP_ENDPOINT": text])
    #expect(settings.endpoint(for: .metrics).description == url)
  }

  @Test(arguments: [
    ("http://c:4318", "http://c:4318/"), ("http://c:4318/my/path", "http://c:4318/my/path"),
    ("http://c:4318/v1/metrics/", "http://c:4318/v1/metrics/"),
  ])
  func theURLOfASignalIsTakenAsItIs(text: String, url: String) throws {
    let variables = [
      "OTEL_EXPORTER_OTLP_ENDPOINT": "https://all:1", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": text,
    ]
    #expect(try Self.connection(variables).endpoint(for: .metrics).description == url)
    #expect(try Self.connection(variables, .traces).endpoint(for: .traces).description == "https://all:1/v1/traces")
  }

  @Test func theSchemeDecidesAboutTLSAndGRPCDoesWithoutOne() throws {
    for (text, insecure, endpoint) in [
      ("http://c:1", nil, Endpoint(isTLS: false, host: "c", port: 1)),
      ("https://c", "true", Endpoint(isTLS: true, host: "c", port: 4_317)),
      ("c:1", nil, Endpoint(isTLS: true, host: "c", port: 1)),
      ("c:1", "true", Endpoint(isTLS: false, host: "c", port: 1)),
      ("[fe80::1]:1", "true", Endpoint(isTLS: false, host: "fe80::1", port: 1)),
    ] {
      var variables = ["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_ENDPOINT": text]
      variables["OTEL_EXPORTER_OTLP_INSECURE"] = insecure
      #expect(try Self.connection(variables).endpoint == endpoint)
    }
  }

  @Test func headersArePercentDecodedAndNamesAreInLowerCase() throws {
    let settings = try Self.connection([
      "OTEL_EXPORTER_OTLP_HEADERS": "Authorization=Basic%20dTpw, x-scope = a%3Db%2C%C3%BC ,x=1=2,"
    ])
    #expect(settings.headers == [.init("authorization", "Basic dTpw"), .init("x-scope", "a=b,ü"), .init("x", "1=2")])
  }

  @Test func theVariablesOfASignalStandBeforeThoseOfAll() throws {
    let variables = [
      "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "grpc",
      "OTEL_EXPORTER_OTLP_HEADERS": "a=1", "OTEL_EXPORTER_OTLP_TRACES_HEADERS": "b=2",
      "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION": "none",
      "OTEL_EXPORTER_OTLP_TIMEOUT": "2500", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT": "1",
      "OTEL_EXPORTER_OTLP_CERTIFICATE": "/ca", "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE": "/traces-ca",
      "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE": "/cert", "OTEL_EXPORTER_OTLP_CLIENT_KEY": "/key",
    ]
    let traces = try Self.connection(variables, .traces)
    #expect(traces.exportProtocol == .grpc && traces.headers == [.init("b", "2")] && traces.compression == .none)
    #expect(traces.tls.caFile == "/traces-ca" && traces.tls.certFile == "/cert" && traces.tls.keyFile == "/key")
    let metrics = try Self.connection(variables)
    #expect(metrics.exportProtocol == .httpJSON && metrics.headers == [.init("a", "1")])
    #expect(metrics.compression == .gzip && metrics.tls.caFile == "/ca")
    let environment = ExporterEnvironment(variables)
    #expect(try environment.timeout(for: .traces) == .milliseconds(1))
    #expect(try environment.timeout(for: .logs) == .milliseconds(2_500))
    #expect(try ExporterEnvironment(["OTEL_EXPORTER_OTLP_TIMEOUT": " "]).timeout(for: .logs) == nil)
  }

  @Test(arguments: [
    ("PROTOCOL", "thrift", "`thrift` is not known; give one of `grpc`, `http/protobuf`, `http/json`"),
    ("ENDPOINT", "c:4318", "there is no scheme in `c:4318`; write it like `http://collector:4318`"),
    ("ENDPOINT", "ftp://c", "the scheme is neither http nor https"),
    ("ENDPOINT", "http://", "there is no valid host and port"),
    ("ENDPOINT", "http://c:0", "there is no valid host and port"),
    ("ENDPOINT", "http://c:70000", "there is no valid host and port"),
    ("ENDPOINT", "http://::1:4318", "there is no valid host and port"),
    ("ENDPOINT", "http://[c]:1", "there is no valid host and port"),
    ("ENDPOINT", "http://u:p@c:1", "there is a user name"), ("ENDPOINT", "http://c/?a=b", "there is a query"),
    ("ENDPOINT", "http://c/a b", "characters that are not allowed"),
    ("COMPRESSION", "zstd", "`zstd` is not known; give one of `none`, `gzip`"),
    ("HEADERS", "a=1,secret", "entry 2 has no `=`"), ("HEADERS", "a b=1", "entry 1 has no valid header name"),
    ("HEADERS", "a=%zz", "entry 1 has a value that is not percent-encoded text"),
    ("HEADERS", "a=%0D%0Ab", "entry 1 has a value that is not percent-encoded text"),
    ("HEADERS", "a=%ff", "entry 1 has a value that is not percent-encoded text"),
  ])
  func whatCannotBeUnderstoodIsNamed(suffix: String, value: String, reason: String) throws {
    let message = try #require(Self.message(["OTEL_EXPORTER_OTLP_\(suffix)": value]))
    #expect(message.hasPrefix("OTEL_EXPORTER_OTLP_\(suffix): "))
    #expect(message.contains(reason))
    #expect(!message.contains("secret"))
  }

  @Test func aTimeoutThatIsNoTimeIsNamed() {
    for text in ["-1", "0", "10s", "1e3"] {
      do {
        _ = try ExporterEnvironment(["OTEL_EXPORTER_OTLP_TIMEOUT": text]).timeout(for: .metrics)
        Issue.record("\(text) was taken")
      } catch {
        #expect(error.message.contains("give milliseconds"))
      }
    }
  }
}
