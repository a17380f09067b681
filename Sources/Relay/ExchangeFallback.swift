// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI

/// What answers in a service's place when it can do nothing for a request.
extension Exchange {
  /// The request was refused, or no endpoint could be reached: its service's fallback, or fixed response, or `answer`.
  func degrade(_ answer: LocalAnswer) {
    if isOver { return }
    leave(status: 0, reusable: false)
    let policy = relay.selection.policy(of: client.service)
    if service == client.service, let fallback = policy?.fallback, fallback != service { return change(to: fallback) }
    if policy?.hasResponse == true,
      let response = relay.responses.response(of: client.service, publication: relay.selection.publications)
    {
      if service == client.service { relay.records.count(SWERVE_PATH_FALLBACK, service: service) }
      conclude()
      return client.answer(traits.isHead ? response.head : response.whole, closes: closesClient)
    }
    fail(answer)
  }

  /// One hop, and no further: the other service's own fallback is not asked.
  private func change(to fallback: UInt32) {
    if isAdmitted { relay.withdraw(service) }
    isAdmitted = false
    retry.end(relay, service: service)
    relay.records.count(SWERVE_PATH_FALLBACK, service: service)
    service = fallback
    retry = Retry(relay.selection.policy(of: fallback)?.requests)
    tried = []
    tries = 0
    connect()
  }
}
