// SPDX-License-Identifier: Apache-2.0

/// Who wants which VIP and port. The first in the order of files has it; the others wait.
struct Claims: Sendable {
  struct Claim: Sendable {
    let name: String
    let place: ObjectPlace
    /// Of the address, for messages.
    let position: Position
    let field: String
  }

  private var claims: [Frontend: [Claim]] = [:]

  func holder(of frontend: Frontend) -> Claim? { claims[frontend]?.first }

  func claim(on frontend: Frontend, by name: String) -> Claim? {
    claims[frontend]?.first { $0.name == name }
  }

  /// Names of all who want it, the holder first.
  func names(on frontend: Frontend) -> [String] { claims[frontend]?.map(\.name) ?? [] }

  mutating func insert(_ candidate: Candidate) {
    for (frontend, address) in zip(candidate.service.frontends, candidate.addresses) {
      let claim = Claim(
        name: candidate.service.name, place: candidate.place, position: address.position, field: address.field)
      guard let others = claims[frontend] else {
        // A literal takes exactly the room of one claim, which is all that most frontends ever see.
        claims[frontend] = [claim]
        continue
      }
      let index = others.firstIndex { ($0.place, $0.name) > (claim.place, claim.name) } ?? others.count
      claims[frontend]?.insert(claim, at: index)
    }
  }

  mutating func remove(_ service: Service) {
    for frontend in service.frontends {
      claims[frontend]?.removeAll { $0.name == service.name }
      if claims[frontend]?.isEmpty == true { claims[frontend] = nil }
    }
  }
}
