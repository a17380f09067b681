// SPDX-License-Identifier: Apache-2.0

import FuzzDriver
import Glibc
import OTLPEntries

exit(
  FuzzDriver.run([
    "otlp-protobuf": { OTLPFuzz.run($0, .protobuf) },
    "otlp-json": { OTLPFuzz.run($0, .json) },
  ]))
