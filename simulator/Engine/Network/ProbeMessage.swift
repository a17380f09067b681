// SPDX-License-Identifier: Apache-2.0

/// A question for an endpoint's load, on its way there or back.
struct ProbeMessage {
  var node: Int32 = 0
  var endpoint: Int32 = 0
  var report = LoadReport()
}
