// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore
import Testing

struct SlotUseTests {
  @Test func aConnectionIsUsedUpAfterAsManyRequestsAsItMayCarry() {
    var slot = swerve_slot(), client = swerve_client()
    for limit: UInt32 in [0, 2] {
      slot.requests = 0
      slot.requests_max = limit
      for _ in 0..<2 { swerve_native_assign(&slot, &client, 0, 0, 1) }
      #expect(slot.requests == UInt64(limit), "only a limit has the kernel count")
      #expect((swerve_native_is_used_up(&slot) != 0) == (limit == 2))
    }
  }
}
