// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import NIOCore
import NIOPosix
public import OTLP
import Synchronization
public import Transport

/// What gRPC and HTTP have in common in receiving OTLP: who may send, how much, and where it goes.
///
/// Called on event loops. A request is admitted by its head, then collected by its protocol within the memory budget,
/// then taken.
public final class OTLPIngest: Sendable {
  let signals: Set<Signal>
  /// Bytes that bodies under way may take, of all protocols together.
  let budget: MemoryBudget
  /// Bytes of one request, also after decompression.
  let requestBytesMax: Int
  private let decoding: DecodingLimits
  public let statistics = ReceiverStatistics()
  private let fanOut: FanOut
  private let authenticator: (any Authenticator)?
  private let tenants: TenantLimits
  private let drains = Atomic(false)

  /// - Parameters:
  ///   - authenticator: nil takes everyone who can connect.
  ///   - requestBytesMax: 64 MiB as the specification has it.
  ///   - decoding: its limit of the input is `requestBytesMax`, whatever it says.
  public init(
    _ fanOut: FanOut, authenticator: (any Authenticator)? = nil, tenants: TenantLimits = TenantLimits(),
    budget: MemoryBudget = MemoryBudget(bytesMax: 256 << 20), requestBytesMax: Int = 64 << 20,
    decoding: DecodingLimits = DecodingLimits()
  ) {
    self.fanOut = fanOut
    self.authenticator = authenticator
    self.tenants = tenants
    self.budget = budget
    self.requestBytesMax = requestBytesMax
    var decoding = decoding
    decoding.inputBytesMax = requestBytesMax
    self.decoding = decoding
    signals = fanOut.signals
  }

  /// From now on requests are refused as `.unavailable`; those admitted before are still taken.
  public func drain() {
    drains.store(true, ordering: .relaxed)
  }

  /// Says whether a request may send its body.
  public func admit(_ fields: HTTPFields, _ peer: Peer, _ signal: Signal) throws(Refusal) -> ReceiveContext {
    do throws(Refusal) {
      if drains.load(ordering: .relaxed) { throw Refusal(.unavailable, "the receiver is shutting down") }
      let identity: Identity? = if let authenticator { try authenticator.authenticate(fields, peer) } else { nil }
      try tenants.admit(identity?.tenant, now: .now)
      return ReceiveContext(tenant: identity?.tenant, metadata: fields)
    } catch {
      statistics.refused(signal, error)
      throw error
    }
  }

  /// Hands a whole request over to its pipelines.
  ///
  /// - Parameter bytes: the request, uncompressed.
  /// - Returns: what became of its items.
  public func take(
    _ bytes: ByteBuffer, as encoding: MessageEncoding, _ signal: Signal, _ context: ReceiveContext
  ) throws(Refusal) -> TakenItems {
    tenants.charge(context.tenant, byteCount: bytes.readableBytes)
    do throws(Refusal) {
      let taken = try LoopDecoder.current(decoding).consume(
        bytes, encoding, signal, context, fanOut)
      statistics.accepted(signal, taken, byteCount: bytes.readableBytes)
      return taken
    } catch {
      statistics.refused(signal, error)
      throw error
    }
  }
}

/// A decoder for each event loop: its memory is used again from request to request. Unchecked, because no thread ever sees
/// another's.
private final class LoopDecoder: @unchecked Sendable {
  private static let decoders = ThreadSpecificVariable<LoopDecoder>()

  private var decoder: Decoder

  private init(_ limits: DecodingLimits) throws(OTLPError) {
    decoder = try Decoder(limits: limits)
  }

  static func current(_ limits: DecodingLimits) throws(Refusal) -> LoopDecoder {
    if let existing = decoders.currentValue, existing.decoder.limits == limits { return existing }
    do throws(OTLPError) {
      let new = try LoopDecoder(limits)
      decoders.currentValue = new
      return new
    } catch {
      throw Refusal(.overloaded(retryAfter: .seconds(1)), error.description)
    }
  }

  func consume(
    _ bytes: ByteBuffer, _ encoding: MessageEncoding, _ signal: Signal, _ context: ReceiveContext, _ fanOut: FanOut
  ) throws(Refusal) -> TakenItems {
    try fanOut.consume(bytes, as: encoding, signal, context, &decoder)
  }
}
