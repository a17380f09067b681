// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// Further attempts at a request, and the time each of them and all of them may take.
extension Exchange {
  // MARK: Time

  /// Begins the time that the whole request may take.
  func startDeadline() {
    guard let limit = relay.selection.policy(of: service)?.timeout ?? relay.options.requestTimeout else { return }
    let end = started + limit.inNanoseconds, now = Clock.now()
    deadline = relay.loop.schedule(after: .nanoseconds(Int64(clamping: end > now ? end - now : 0))) {
      [weak self] in self?.fail(.requestTimeout)
    }
  }

  /// Begins the time that the present attempt may take.
  func startAttempt() {
    guard let limit = relay.selection.policy(of: service)?.perTryTimeout else { return }
    attemptTimer = relay.loop.schedule(after: limit) { [weak self] in self?.attemptTimedOut() }
  }

  private func attemptTimedOut() {
    guard !isOver, connection != nil else { return }
    if triesAgain(.timedOut) { sendAgain(status: 0, reusable: false) } else { fail(.requestTimeout) }
  }

  // MARK: Again

  /// Whether the request is sent once more after an attempt that ended like this: the policy wants it, all of it is at
  /// hand, the client has got nothing yet, and there is room among the service's retries. True begins the retry.
  func triesAgain(_ outcome: Retry.Outcome) -> Bool {
    guard !isOver, !response.hasEmitted, retry.wants(outcome) else { return false }
    if case .unconnected = outcome {
      // Nothing of it was sent: `pending` has all that has come of it.
    } else {
      guard request.isDone, kept != nil, retry.mayRepeat(traits) else { return false }
    }
    return retry.begin(relay, service: service)
  }

  /// Sends the request once more, a moment later. It stays under way meanwhile, so that others cannot take its place.
  func sendAgain(status: UInt32, reusable: Bool) {
    if let bytes = kept { pending = bytes }
    kept = nil
    leave(status: status, reusable: reusable)
    isDiscarding = false
    prepareResponse()
    tries = 0
    if !retry.ignoresPreviousHosts { tried = [] }
    guard isAdmitted || relay.admit(service) else { return degrade(.maxRequests) }
    isAdmitted = true
    backoffTimer = relay.loop.schedule(after: retry.delay(using: &relay.generator)) { [weak self] in
      guard let self, !isOver else { return }
      connect()
    }
  }

  /// No endpoint could be reached.
  func unreachable() {
    if triesAgain(.unconnected) { sendAgain(status: 0, reusable: false) } else { degrade(.connectFailure) }
  }

  // MARK: What the kernel has begun

  /// Sends a request again that the kernel had sent to an endpoint, and counted, as one that ended like `outcome`. It is
  /// the client's work from here on.
  static func again(_ client: Client, _ kept: KeptRequest, _ retry: Retry) {
    kept.bytes.withUnsafeBytes { bytes in
      var head = swerve_http1_head()
      swerve_native_http1_begin(0, &head)
      let result = swerve_native_http1_parse_request(bytes.octets, UInt32(bytes.count), UInt32(headBytesMax), &head)
      var framing = BodyFraming(ofRequest: head)
      guard result == SWERVE_HTTP1_COMPLETE, framing.advance(bytes, from: Int(head.length)) != nil, framing.isDone
      else { return client.destroy(reset: true) }
      let exchange = Exchange(client, RequestTraits(head), framing, started: kept.started)
      exchange.retry = retry
      exchange.tried = [kept.endpoint]
      exchange.pending.append(bytes)
      client.begin(exchange)
      exchange.startDeadline()
      exchange.sendAgain(status: 0, reusable: false)
    }
  }
}
