// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// What is done for the pools every 100 ms.
extension Pools {
  private enum Limit {
    /// A pool that was used within this time keeps a free connection.
    static let warmNanoseconds: UInt64 = 10_000_000_000
    /// A pool without connections is dropped after this.
    static let emptyNanoseconds: UInt64 = 60_000_000_000
    /// Free connections that are opened ahead when the kernel found none.
    static let spareMax = 16
  }

  func upkeep() {
    let now = Clock.now()
    followPublications()
    // What is shared with a successor is its to keep up.
    for pool in all where pool.isPrivate || !relay.isMoving {
      if !pool.isPrivate {
        pool.closeSpent()
        regain(pool)
      }
      if pool.isRetired {
        closeFree(pool)
        dropIfEmpty(pool)
        continue
      }
      if isStale(pool) {
        retire(pool)
        continue
      }
      noteUse(pool)
      reap(pool, now)
      if relay.records.isAccelerated { keepSpare(pool, now) }
      if pool.isEmpty, pool.isPrivate || now > pool.lastUsedNanoseconds + Limit.emptyNanoseconds { retire(pool) }
    }
  }

  /// Bits whose connection ended while the kernel, or a predecessor, had leased it, once they have given them back.
  func regain(_ pool: Pool) {
    let live = swerve_native_load64(&pool.warm.pointee.live)
    for bit in 0..<UInt32(Pool.size)
    where !pool.isOwned(bit) && pool.connections[Int(bit)] == nil && live & (1 << UInt64(bit)) == 0 {
      _ = pool.leaseFree(bit)
    }
  }

  private func isStale(_ pool: Pool) -> Bool {
    guard let state = relay.records.endpointState(pool.target.id) else { return true }
    return swerve_native_load32(&state.pointee.generation) != pool.target.generation
  }

  /// What the kernel leased meanwhile counts as use.
  private func noteUse(_ pool: Pool) {
    for case .some(let connection) in pool.connections {
      pool.lastUsedNanoseconds = max(pool.lastUsedNanoseconds, connection.slot.pointee.started_ns)
    }
  }

  /// Closes what was free for too long. The lowest bit is always leased first, so the highest have been idle longest.
  private func reap(_ pool: Pool, _ now: UInt64) {
    let idleLimit = relay.selection.policy(of: pool.service)?.idleNanoseconds ?? .max
    let isWarm = relay.records.isAccelerated && now < pool.lastUsedNanoseconds + Limit.warmNanoseconds
    var spare = isWarm ? 1 : 0
    for connection in pool.connections {
      guard let connection, case .pooled = connection.state else { continue }
      let limit = min(pool.idleLimitNanoseconds, idleLimit)
      guard now > connection.lastUsedNanoseconds + limit else { continue }
      if spare > 0 {
        spare -= 1
        continue
      }
      if pool.leaseFree(connection.bit) { pool.remove(connection, reset: false) }
    }
  }

  private func keepSpare(_ pool: Pool, _ now: UInt64) {
    let turnedAway = relay.records.service(pool.service)?.pointee.count(of: SWERVE_PATH_REQUEST_NO_SLOT) ?? 0
    let more = turnedAway > pool.turnedAway ? turnedAway - pool.turnedAway : 0
    pool.turnedAway = turnedAway
    guard now < pool.lastUsedNanoseconds + Limit.warmNanoseconds else { return }
    let warm = pool.warm
    let free = (swerve_native_load64(&warm.pointee.free) & swerve_native_load64(&warm.pointee.live)).nonzeroBitCount
    let wanted = min(Limit.spareMax, 1 + Int(clamping: more))
    var missing = wanted - free - pool.connecting
    while missing > 0, pool.mayConnect, pool.open() { missing -= 1 }
  }
}

extension Pool {
  /// An idle connection was closed by the endpoint, or is about to be after so many seconds.
  func learn(idleNanoseconds: UInt64) {
    let cautious = max(1_000_000_000, idleNanoseconds / 10 * 8)
    idleLimitNanoseconds = min(idleLimitNanoseconds, cautious)
  }
}
