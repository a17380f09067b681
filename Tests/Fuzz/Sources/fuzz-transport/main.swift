// SPDX-License-Identifier: Apache-2.0

import FuzzDriver
import Glibc
import TransportEntries

exit(FuzzDriver.run(Dictionary(uniqueKeysWithValues: TransportFuzz.allCases.map { ($0.rawValue, $0.run) })))
