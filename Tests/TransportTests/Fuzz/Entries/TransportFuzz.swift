// SPDX-License-Identifier: Apache-2.0

/// What reads bytes of a peer that may be hostile. Each run ends the process when something that must hold does not.
///
/// Compiled into the tests, which replay the corpus, and into the fuzzer (Tests/Fuzz).
public enum TransportFuzz: String, CaseIterable, Sendable {
  /// gRPC's messages, and what gzip makes of the compressed ones.
  case grpcFraming = "grpc-framing"
  /// What a client sends to an HTTP/1.1 server.
  case http1
  /// What a server sends to an HTTP/1.1 client.
  case http1Client = "http1-client"
  /// What a client sends to an HTTP/2 server behind its preface.
  case http2
  /// What a server sends to an HTTP/2 client.
  case http2Client = "http2-client"

  public func run(_ bytes: UnsafeRawBufferPointer) {
    guard let input = FuzzInput(bytes) else { return }
    switch self {
    case .grpcFraming: FuzzGRPCFraming.run(input)
    case .http1: FuzzHTTP1Server.run(input)
    case .http1Client: FuzzHTTP1Client.run(input)
    case .http2: FuzzHTTP2Server.run(input)
    case .http2Client: FuzzHTTP2Client.run(input)
    }
  }
}
