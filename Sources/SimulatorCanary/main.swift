// SPDX-License-Identifier: Apache-2.0

// Runs a few seeds of the swarm and says whether a violation was found: exit status 0 when there was one, 1 when there was
// none. `make canary` runs it with each deliberate mistake of the core, and must find every one of them.

import Glibc
import Simulator

let seedsMax = 100
var search = Search(count: seedsMax)
// That something is found is all that matters here, not how small it can be made.
search.runsMax = 0
guard let finding = search.run()?.findings.first else {
  print("no violation in \(seedsMax) seeds")
  exit(1)
}
print("seed \(finding.seed): \(finding.violation.invariant): \(finding.violation.detail)")
