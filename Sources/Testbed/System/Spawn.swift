// SPDX-License-Identifier: Apache-2.0

import CTestbed
import Glibc

/// Starts the program at `path` and returns its pid.
func spawn(
  _ path: String, _ arguments: [String], _ options: ChildProcess.Options, _ streams: OutputStreams
) throws -> Int32 {
  let cgroup = try options.cgroup?.openProcesses() ?? -1
  defer { if cgroup >= 0 { close(cgroup) } }
  let input = open("/dev/null", O_RDONLY | O_CLOEXEC)
  defer { close(input) }

  var failure = testbed_spawn_failure()
  let pid = withCStrings([path] + arguments) { argv in
    withCStrings(environment(adding: options.environment)) { envp in
      path.withCString { path in
        var request = testbed_spawn(
          path: path, arguments: argv, environment: envp, input: input, output: streams.output,
          error: streams.error, cgroup_procs: cgroup, network_namespace: options.network?.descriptor ?? -1,
          processor: options.processor.map(Int32.init) ?? -1, death_signal: options.cleansUp ? SIGTERM : SIGKILL)
        return testbed_spawn(&request, &failure)
      }
    }
  }
  guard pid > 0 else {
    let stage = String(cString: testbed_spawn_stage_name(failure.stage))
    throw TestbedError("start \(path)", reason: "\(stage): \(SystemCallError.message(failure.code))")
  }
  return pid
}

/// Our environment with some variables set.
private func environment(adding extra: [String: String]) -> [String] {
  var variables: [String] = []
  var next = environ
  while let entry = next.pointee {
    let text = String(cString: entry)
    if extra[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
    next += 1
  }
  return variables + extra.map { "\($0.key)=\($0.value)" }.sorted()
}

/// Calls the body with a NULL-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
  for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
  pointers[strings.count] = nil
  defer {
    for index in strings.indices { free(pointers[index]) }
    pointers.deallocate()
  }
  return body(pointers)
}
