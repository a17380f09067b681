// SPDX-License-Identifier: Apache-2.0

public import Transport

/// OTLP/gRPC: the `Export` method of every signal that has a pipeline.
public enum OTLPGRPC {
  /// By path, for a `GRPCServer`. Signals without pipeline are missing, and answered UNIMPLEMENTED.
  public static func methods(_ ingest: OTLPIngest) -> [String: GRPCMethod] {
    Dictionary(uniqueKeysWithValues: ingest.signals.map { ($0.exportMethod, method($0, ingest)) })
  }

  /// Admits calls by their heads, for a `GRPCServer`.
  public static func admission(_ ingest: OTLPIngest) -> GRPCAdmissionCheck {
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
