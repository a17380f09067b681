// SPDX-License-Identifier: Apache-2.0

import Policy

extension ScenarioReader {
  func endpoints(_ node: Node) {
    guard reader.expect(node, .sequence, "a sequence") else { return }
    var names: Set<String> = []
    var addresses: Set<String> = []
    var isWhole = true
    reader.sequence(node, countMax: ScenarioLimit.groupsMax) { _, item in
      guard let fields = FieldValues(reader, item, EndpointGroupField.self),
        let name = fields.name(.name, .label)
      else { return isWhole = false }
      if !names.insert(name).inserted { fields.error(.name, "a second group called `\(name)`") }
      scenario.endpoints.append(group(name, fields, &addresses))
    }
    knowsGroups = isWhole
    guard isWhole else { return }
    let count = scenario.endpointCount
    if count > ScenarioLimit.endpointsMax {
      reader.error(at: node.position, "\(count) endpoints; there may be at most \(ScenarioLimit.endpointsMax)")
    }
    if scenario.endpoints.allSatisfy(\.joinsLater) {
      reader.error(at: node.position, "no endpoint is there at the start")
    }
  }

  private func group(
    _ name: String, _ fields: FieldValues<EndpointGroupField>, _ addresses: inout Set<String>
  ) -> EndpointGroup {
    var group = EndpointGroup(name: name)
    group.count = fields.integer(.count) ?? group.count
    group.zone = fields.name(.zone, .labelValue)
    group.addresses = self.addresses(fields, count: group.count, &addresses)
    group.weight = fields.integer(.weight).map { UInt16(clamping: $0) } ?? group.weight
    group.discipline = fields.word(.discipline, EndpointGroup.Discipline.self) ?? group.discipline
    group.cores = fields.number(.cores) ?? group.cores
    group.speed = fields.number(.speed) ?? group.speed
    group.queueLimit = fields.integer(.queueLimit) ?? group.queueLimit
    group.work = fields.distribution(.work, .time)
    group.curve = fields.read(.latencyCurve) { curve($0) }
    group.variation = fields.read(.variation) { variation($0) }
    group.joinsLater = fields.boolean(.joinsLater) ?? false
    if fields.has(.latencyCurve), group.discipline != .delay {
      fields.error(.latencyCurve, "`latencyCurve` is of `discipline: delay`")
    }
    if fields.has(.cores), group.discipline == .delay {
      fields.error(.cores, "`cores` have no effect with `discipline: delay`")
    }
    return group
  }

  private func addresses(
    _ fields: FieldValues<EndpointGroupField>, count: Int, _ all: inout Set<String>
  ) -> [String] {
    guard fields.has(.addresses) else { return [] }
    let list = fields.list(.addresses, countMax: ScenarioLimit.endpointsMax) { node -> String? in
      guard let text = reader.string(node) else { return nil }
      guard EndpointAddress(text) != nil else {
        reader.error(
          at: node.position,
          "\(Excerpt.quoted(text)) is not an address and port, such as 127.0.1.1:8080 or \"[fd00::1]:8080\"")
        return nil
      }
      if !all.insert(text).inserted { reader.error(at: node.position, "`\(text)` is named twice") }
      return text
    }
    if scenario.policy.paths.isEmpty {
      fields.error(.addresses, "`addresses` are those of policy files; name them in `policies`")
    } else if let list, let node = fields.read(.addresses, { $0 }), Int(node.count) == list.count, list.count != count {
      fields.error(.addresses, "\(list.count) addresses for \(count) endpoints")
    }
    return list ?? []
  }

  private func curve(_ node: Node) -> EndpointGroup.LatencyCurve? {
    guard let fields = FieldValues(reader, node, LatencyCurveField.self), let slope = fields.number(.slope) else {
      return nil
    }
    var curve = EndpointGroup.LatencyCurve(slope: slope)
    curve.overloadAbove = fields.integer(.overloadAbove) ?? curve.overloadAbove
    curve.overloadFactor = fields.number(.overloadFactor) ?? curve.overloadFactor
    if fields.has(.overloadFactor), !fields.has(.overloadAbove) {
      fields.error(.overloadFactor, "`overloadFactor` needs `overloadAbove`")
    }
    return curve
  }

  private func variation(_ node: Node) -> EndpointGroup.Variation? {
    guard let fields = FieldValues(reader, node, VariationField.self) else { return nil }
    let (every, factor) = (fields.distribution(.every, .time), fields.distribution(.factor, .factor))
    guard let every, let factor else { return nil }
    if every.mean < Double(ScenarioLimit.repetitionMin) {
      fields.error(.every, "less than \(DurationText.text(ScenarioLimit.repetitionMin)) on average")
    }
    if factor.mean <= 0 { fields.error(.factor, "a factor of 0 leaves nothing; `hang` of the timeline is that") }
    var variation = EndpointGroup.Variation(every: every, factor: factor)
    variation.fraction = fields.number(.fraction) ?? variation.fraction
    variation.target = fields.word(.target, EndpointGroup.Variation.Target.self) ?? variation.target
    return variation
  }
}

/// `127.0.1.1:8080` or `[fd00::1]:8080`.
struct EndpointAddress: Hashable {
  let address: IPAddress
  let port: UInt16

  /// nil when the text is none.
  init?(_ text: String) {
    guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
      let port = UInt16(text[text.utf8.index(after: colon)...]), port > 0
    else { return nil }
    var host = text[..<colon]
    let isBracketed = host.first == "[" && host.last == "]" && host.utf8.count >= 2
    if isBracketed { host = host.dropFirst().dropLast() }
    guard let address = IPAddress(String(host)), address.isIPv4 || isBracketed else { return nil }
    self.address = address
    self.port = port
  }

  init(_ endpoint: Endpoint) {
    (address, port) = (endpoint.address, endpoint.port)
  }
}
