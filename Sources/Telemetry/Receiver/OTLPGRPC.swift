// SPDX-License-Identifier: Apache-2.0

import Transport

/// OTLP/gRPC: the `Export` method of every signal that has a pipeline, and health checks.
enum OTLPGRPC {
  /// Signals without pipeline are answered UNIMPLEMENTED.
  static func server(_ ingest: OTLPIngest, _ health: GRPCHealth, callsMax: Int) -> GRPCServer {
    let methods = Dictionary(uniqueKeysWithValues: ingest.signals.map { ($0.exportMethod, method($0, ingest)) })
    var limits = GRPCLimits()
    limits.messageBytesMax = ingest.requestBytesMax
    limits.decompressedBytesMax = ingest.requestBytesMax
    limits.callsMax = callsMax
    return GRPCServer(
      methods: methods.merging(health.methods) { export, _ in export }, limits: limits, budget: ingest.budget,
      admission: admission(ingest))
  }

  /// Admits calls by their heads.
  private static func admission(_ ingest: OTLPIngest) -> GRPCAdmissionCheck {
    let signals = Dictionary(uniqueKeysWithValues: Signal.allCases.map { ($0.exportMethod, $0) })
    return { (request) throws(GRPCStatus) in
      // Health checks are for everyone.
      guard let signal = signals[request.path] else { return GRPCAdmission() }
      do throws(Refusal) {
        return GRPCAdmission(context: try ingest.admit(request.metadata.fields, request.peer, signal))
      } catch {
        throw error.status
      }
    }
  }

  private static func method(_ signal: Signal, _ ingest: OTLPIngest) -> GRPCMethod {
    .unary { message, request, reply in
      do throws(Refusal) {
        let context = request.context as? ReceiveContext ?? ReceiveContext(metadata: request.metadata.fields)
        let taken = try ingest.take(message, as: .protobuf, signal, context)
        reply.succeed(try ExportAnswer.bytes(signal, taken, as: .protobuf))
      } catch {
        reply.fail(error.status)
      }
    }
  }
}
