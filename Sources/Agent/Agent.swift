// SPDX-License-Identifier: Apache-2.0

import CMalloc
import Dataplane
public import Discovery
import Foundation
public import Logging
import Policy
public import ServiceLifecycle

/// The daemon of a node: turns policy files into kernel tables for as long as it runs.
///
/// Nothing depends on it running. Everything that steers is pinned, so that it may be stopped, killed or upgraded at any
/// moment; the next agent takes over what it finds.
public actor Agent: ServiceLifecycle.Service {
  private let configuration: AgentConfiguration
  private let directory: PolicyDirectory
  private let logger: Logger
  private let dataplane: Dataplane
  private let staleConnections: StaleConnections
  private var publisher: Publisher
  private var report: AgentReport
  /// Services found in the kernel that no policy has named yet. They go once the policy is known to be complete.
  private var orphans: Set<String>
  private var isAttached = false
  private var closing: Task<Void, Never>?
  /// Nil when this agent starts no relay.
  private var relayKeeper: RelayKeeper?
  private var relayKeeping: Task<Void, Never>?
  private var outlierWatch: OutlierWatch
  private var watching: Task<Void, Never>?
  /// Services of connection mode whose connections may be open for a limited time only.
  private var limitedLifetimes: Set<String> = []

  /// Opens the dataplane; what is pinned is taken over. Nothing is steered differently before `run()`.
  public init(_ configuration: AgentConfiguration, directory: PolicyDirectory, logger: Logger) throws {
    self.configuration = configuration
    self.directory = directory
    self.logger = logger
    ResourceLimits.raiseOpenFiles()
    ResourceLimits.mapLargeAllocations()
    let dataplane = try Dataplane(pins: configuration.pins, cgroup: CgroupPath(configuration.cgroup))
    try dataplane.limitConnections(to: configuration.connectionsMax)
    let publisher = try Publisher(
      dataplane.tables, isSameBuild: dataplane.origin == .adopted, stateDirectory: configuration.stateDirectory)
    self.dataplane = dataplane
    self.publisher = publisher
    orphans = publisher.names
    staleConnections = StaleConnections(configuration.pins)
    outlierWatch = OutlierWatch(dataplane.tables, configuration.pins)
    relayKeeper = configuration.relay.map { RelayKeeper($0, dataplane.tables, logger) }
    report = AgentReport(
      version: configuration.version, pid: getpid(), started: Date(), policies: configuration.policies,
      cgroup: configuration.cgroup, origin: dataplane.origin.rawValue)
    logger.info(
      "Dataplane opened",
      metadata: ["origin": "\(dataplane.origin.rawValue)", "services": "\(publisher.names.count)"])
  }

  /// Applies policy updates until the service group shuts down. The dataplane stays.
  public func run() async throws {
    defer {
      closing?.cancel()
      relayKeeping?.cancel()
      watching?.cancel()
    }
    var pause = Duration.seconds(1)
    while true {
      do {
        try await follow()
        logger.info("Agent stops; connections are steered on by the kernel")
        return
      } catch let error as DataplaneError where isAttached {
        logger.error("Publication failed; starting over", metadata: ["error": "\(error)", "pause": "\(pause)"])
      }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .seconds(60))
      // What was half done is read back from the kernel, and the whole policy is said again.
      publisher = try Publisher(dataplane.tables, stateDirectory: configuration.stateDirectory)
      orphans = publisher.names
    }
  }

  /// Follows the directory from the beginning: the first update is the whole policy.
  private func follow() async throws {
    defer { directory.stop() }
    for await update in try directory.updates().cancelOnGracefulShutdown() {
      try apply(update)
    }
  }

  private func apply(_ update: DirectoryUpdate) throws {
    var change = update.change
    orphans.subtract(change.upserted.map(\.name))
    if update.complete {
      change.removed += orphans.sorted()
      orphans = []
    }
    let outcome = try publisher.apply(change)
    outlierWatch.note(change)
    noteLifetimes(change)
    try attachOnce()
    watchTraffic()
    log(update, outcome)
    note(update, outcome)
    closeStaleConnections(anew: outcome.retiredEndpoints > 0)
    keepRelay()
  }

  /// The tables are published before the programs that read them are attached.
  private func attachOnce() throws {
    guard !isAttached else { return }
    try dataplane.attach()
    isAttached = true
    report.missing = dataplane.missing
    for sentence in dataplane.missing { logger.warning("\(sentence)") }
    // Loading and the first publication leave as much freed memory as the agent needs; an idle daemon gives it back. Not
    // at once: this update goes first.
    Task { malloc_trim(0) }
    logger.info("Steering", metadata: ["cgroup": "\(configuration.cgroup)", "services": "\(publisher.names.count)"])
  }

  private func noteLifetimes(_ change: PolicyChange) {
    for service in change.upserted {
      if service.settings.limitsLifetimes && !service.isPerRequest {
        limitedLifetimes.insert(service.name)
      } else {
        limitedLifetimes.remove(service.name)
      }
    }
    limitedLifetimes.subtract(change.removed)
  }

  /// Looks every second at what the kernel has counted.
  private func watchTraffic() {
    guard watching == nil else { return }
    watching = Task {
      while !Task.isCancelled {
        try? await Task.sleep(for: OutlierWatch.interval)
        do { try outlierWatch.look(publisher) } catch {
          logger.error("Outliers were not looked for", metadata: ["error": "\(error)"])
        }
        if !limitedLifetimes.isEmpty, staleConnections.isAvailable {
          do { noteClosed(try await staleConnections.close()) } catch {
            logger.error("Connections past their time were not closed", metadata: ["error": "\(error)"])
          }
        }
      }
    }
  }

  /// From the first service in request mode on.
  private func keepRelay() {
    guard relayKeeper != nil, relayKeeping == nil, publisher.needsRelay else { return }
    relayKeeping = Task {
      while !Task.isCancelled {
        if publisher.needsRelay { relayKeeper?.look() }
        try? await Task.sleep(for: RelayKeeper.interval)
      }
    }
  }

  private func log(_ update: DirectoryUpdate, _ outcome: Publisher.Report) {
    logger.info(
      "Policy published",
      metadata: [
        "services": "\(outcome.published)", "removed": "\(outcome.removed)",
        "endpointsRemoved": "\(outcome.retiredEndpoints)",
      ])
    for file in update.rejected {
      for diagnostic in file.diagnostics { logger.error("\(diagnostic)") }
    }
    for (name, reason) in outcome.refused.sorted(by: { $0.key < $1.key }) {
      logger.error("Service refused", metadata: ["service": "\(name)", "reason": "\(reason)"])
    }
  }

  private func note(_ update: DirectoryUpdate, _ outcome: Publisher.Report) {
    report.files = update.fileCount
    report.rejectedFiles = update.rejected
    report.warnings = update.warnings
    report.refusedServices = outcome.refused
    report.publications += 1
    report.lastPublication = Date()
    save()
  }

  private func save() {
    do {
      try report.write(to: configuration.stateDirectory)
    } catch {
      logger.error("The report was not written", metadata: ["error": "\(error)"])
    }
  }

  /// One closer at a time: it goes on until nothing is stale. When endpoints leave it begins anew, with short pauses.
  private func closeStaleConnections(anew: Bool) {
    guard anew || closing == nil, staleConnections.isAvailable, publisher.hasRetiredEndpoints else { return }
    closing?.cancel()
    closing = Task { await closePassByPass() }
  }

  /// One pass is not enough: a connect that selected the endpoint a moment before it left may appear among the sockets a
  /// moment after the walk. Passes follow quickly at first and thin out for what the kernel cannot abort.
  private func closePassByPass() async {
    var pause = Duration.milliseconds(50)
    while !Task.isCancelled, publisher.hasRetiredEndpoints {
      do {
        if try publisher.staleConnections() > 0 { noteClosed(try await staleConnections.close()) }
        try publisher.reclaim()
        try retryRefused()
      } catch {
        logger.error("Stale connections were not closed", metadata: ["error": "\(error)"])
      }
      do { try await Task.sleep(for: pause) } catch { return }
      pause = min(pause * 2, .seconds(60))
    }
  }

  /// Ids that came free may be what a refused service was waiting for.
  private func retryRefused() throws {
    guard !publisher.refused.isEmpty else { return }
    report.refusedServices = try publisher.apply(PolicyChange()).refused
    save()
  }

  private func noteClosed(_ count: Int) {
    guard count > 0 else { return }
    report.staleConnectionsClosed += count
    logger.info("Stale connections closed", metadata: ["count": "\(count)"])
    save()
  }
}
