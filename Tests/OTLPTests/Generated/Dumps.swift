// SPDX-License-Identifier: Apache-2.0
// Made by Sources/COTLP/generate; not to be edited.

import OTLP

extension Dump {
  mutating func fields(_ view: Common.AnyValue, _ path: String) {
    switch view.value {
    case .stringValue(let value):
      text(value, path + "stringValue")
    case .boolValue(let value):
      bool(value, path + "boolValue")
    case .intValue(let value):
      number(value, path + "intValue")
    case .doubleValue(let value):
      double(value, path + "doubleValue")
    case .arrayValue(let value):
      message(path + "arrayValue")
      fields(value, path + "arrayValue" + ".")
    case .kvlistValue(let value):
      message(path + "kvlistValue")
      fields(value, path + "kvlistValue" + ".")
    case .bytesValue(let value):
      bytes(value, path + "bytesValue")
    case .stringValueStrindex(let value):
      number(value, path + "stringValueStrindex")
    case nil: break
    }
  }
}

extension Dump {
  mutating func fields(_ view: Common.ArrayValue, _ path: String) {
    do {
      let list = view.values
      for index in list.indices {
        message(path + "values[\(index)]")
        fields(list[index], path + "values[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Common.KeyValueList, _ path: String) {
    do {
      let list = view.values
      for index in list.indices {
        message(path + "values[\(index)]")
        fields(list[index], path + "values[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Common.KeyValue, _ path: String) {
    if !view.key.isEmpty { text(view.key, path + "key") }
    if let value = view.value {
      message(path + "value")
      fields(value, path + "value" + ".")
    }
    if view.keyStrindex != 0 { number(view.keyStrindex, path + "keyStrindex") }
  }
}

extension Dump {
  mutating func fields(_ view: Common.InstrumentationScope, _ path: String) {
    if !view.name.isEmpty { text(view.name, path + "name") }
    if !view.version.isEmpty { text(view.version, path + "version") }
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.droppedAttributesCount != 0 { number(view.droppedAttributesCount, path + "droppedAttributesCount") }
  }
}

extension Dump {
  mutating func fields(_ view: Common.EntityRef, _ path: String) {
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
    if !view.type.isEmpty { text(view.type, path + "type") }
    do {
      let list = view.idKeys
      for index in list.indices {
        text(list[index], path + "idKeys[\(index)]")
      }
    }
    do {
      let list = view.descriptionKeys
      for index in list.indices {
        text(list[index], path + "descriptionKeys[\(index)]")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Common.Resource, _ path: String) {
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.droppedAttributesCount != 0 { number(view.droppedAttributesCount, path + "droppedAttributesCount") }
    do {
      let list = view.entityRefs
      for index in list.indices {
        message(path + "entityRefs[\(index)]")
        fields(list[index], path + "entityRefs[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Logs.LogsData, _ path: String) {
    do {
      let list = view.resourceLogs
      for index in list.indices {
        message(path + "resourceLogs[\(index)]")
        fields(list[index], path + "resourceLogs[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Logs.ResourceLogs, _ path: String) {
    if let value = view.resource {
      message(path + "resource")
      fields(value, path + "resource" + ".")
    }
    do {
      let list = view.scopeLogs
      for index in list.indices {
        message(path + "scopeLogs[\(index)]")
        fields(list[index], path + "scopeLogs[\(index)]" + ".")
      }
    }
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
  }
}

extension Dump {
  mutating func fields(_ view: Logs.ScopeLogs, _ path: String) {
    if let value = view.scope {
      message(path + "scope")
      fields(value, path + "scope" + ".")
    }
    do {
      let list = view.logRecords
      for index in list.indices {
        message(path + "logRecords[\(index)]")
        fields(list[index], path + "logRecords[\(index)]" + ".")
      }
    }
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
  }
}

extension Dump {
  mutating func fields(_ view: Logs.LogRecord, _ path: String) {
    if view.timeUnixNano != 0 { number(view.timeUnixNano, path + "timeUnixNano") }
    if view.observedTimeUnixNano != 0 { number(view.observedTimeUnixNano, path + "observedTimeUnixNano") }
    if view.severityNumber.rawValue != 0 { number(view.severityNumber.rawValue, path + "severityNumber") }
    if !view.severityText.isEmpty { text(view.severityText, path + "severityText") }
    if let value = view.body {
      message(path + "body")
      fields(value, path + "body" + ".")
    }
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.droppedAttributesCount != 0 { number(view.droppedAttributesCount, path + "droppedAttributesCount") }
    if view.flags != 0 { number(view.flags, path + "flags") }
    if !view.traceId.isEmpty { bytes(view.traceId, path + "traceId") }
    if !view.spanId.isEmpty { bytes(view.spanId, path + "spanId") }
    if !view.eventName.isEmpty { text(view.eventName, path + "eventName") }
  }
}

extension Dump {
  mutating func fields(_ view: Logs.ExportRequest, _ path: String) {
    do {
      let list = view.resourceLogs
      for index in list.indices {
        message(path + "resourceLogs[\(index)]")
        fields(list[index], path + "resourceLogs[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Logs.ExportResponse, _ path: String) {
    if let value = view.partialSuccess {
      message(path + "partialSuccess")
      fields(value, path + "partialSuccess" + ".")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Logs.ExportPartialSuccess, _ path: String) {
    if view.rejectedLogRecords != 0 { number(view.rejectedLogRecords, path + "rejectedLogRecords") }
    if !view.errorMessage.isEmpty { text(view.errorMessage, path + "errorMessage") }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.MetricsData, _ path: String) {
    do {
      let list = view.resourceMetrics
      for index in list.indices {
        message(path + "resourceMetrics[\(index)]")
        fields(list[index], path + "resourceMetrics[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.ResourceMetrics, _ path: String) {
    if let value = view.resource {
      message(path + "resource")
      fields(value, path + "resource" + ".")
    }
    do {
      let list = view.scopeMetrics
      for index in list.indices {
        message(path + "scopeMetrics[\(index)]")
        fields(list[index], path + "scopeMetrics[\(index)]" + ".")
      }
    }
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.ScopeMetrics, _ path: String) {
    if let value = view.scope {
      message(path + "scope")
      fields(value, path + "scope" + ".")
    }
    do {
      let list = view.metrics
      for index in list.indices {
        message(path + "metrics[\(index)]")
        fields(list[index], path + "metrics[\(index)]" + ".")
      }
    }
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.Metric, _ path: String) {
    if !view.name.isEmpty { text(view.name, path + "name") }
    if !view.description.isEmpty { text(view.description, path + "description") }
    if !view.unit.isEmpty { text(view.unit, path + "unit") }
    do {
      let list = view.metadata
      for index in list.indices {
        message(path + "metadata[\(index)]")
        fields(list[index], path + "metadata[\(index)]" + ".")
      }
    }
    switch view.data {
    case .gauge(let value):
      message(path + "gauge")
      fields(value, path + "gauge" + ".")
    case .sum(let value):
      message(path + "sum")
      fields(value, path + "sum" + ".")
    case .histogram(let value):
      message(path + "histogram")
      fields(value, path + "histogram" + ".")
    case .exponentialHistogram(let value):
      message(path + "exponentialHistogram")
      fields(value, path + "exponentialHistogram" + ".")
    case .summary(let value):
      message(path + "summary")
      fields(value, path + "summary" + ".")
    case nil: break
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.Gauge, _ path: String) {
    do {
      let list = view.dataPoints
      for index in list.indices {
        message(path + "dataPoints[\(index)]")
        fields(list[index], path + "dataPoints[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.Sum, _ path: String) {
    do {
      let list = view.dataPoints
      for index in list.indices {
        message(path + "dataPoints[\(index)]")
        fields(list[index], path + "dataPoints[\(index)]" + ".")
      }
    }
    if view.aggregationTemporality.rawValue != 0 {
      number(view.aggregationTemporality.rawValue, path + "aggregationTemporality")
    }
    if view.isMonotonic { bool(view.isMonotonic, path + "isMonotonic") }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.Histogram, _ path: String) {
    do {
      let list = view.dataPoints
      for index in list.indices {
        message(path + "dataPoints[\(index)]")
        fields(list[index], path + "dataPoints[\(index)]" + ".")
      }
    }
    if view.aggregationTemporality.rawValue != 0 {
      number(view.aggregationTemporality.rawValue, path + "aggregationTemporality")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.ExponentialHistogram, _ path: String) {
    do {
      let list = view.dataPoints
      for index in list.indices {
        message(path + "dataPoints[\(index)]")
        fields(list[index], path + "dataPoints[\(index)]" + ".")
      }
    }
    if view.aggregationTemporality.rawValue != 0 {
      number(view.aggregationTemporality.rawValue, path + "aggregationTemporality")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.Summary, _ path: String) {
    do {
      let list = view.dataPoints
      for index in list.indices {
        message(path + "dataPoints[\(index)]")
        fields(list[index], path + "dataPoints[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.NumberDataPoint, _ path: String) {
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.startTimeUnixNano != 0 { number(view.startTimeUnixNano, path + "startTimeUnixNano") }
    if view.timeUnixNano != 0 { number(view.timeUnixNano, path + "timeUnixNano") }
    do {
      let list = view.exemplars
      for index in list.indices {
        message(path + "exemplars[\(index)]")
        fields(list[index], path + "exemplars[\(index)]" + ".")
      }
    }
    if view.flags != 0 { number(view.flags, path + "flags") }
    switch view.value {
    case .asDouble(let value):
      double(value, path + "asDouble")
    case .asInt(let value):
      number(value, path + "asInt")
    case nil: break
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.HistogramDataPoint, _ path: String) {
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.startTimeUnixNano != 0 { number(view.startTimeUnixNano, path + "startTimeUnixNano") }
    if view.timeUnixNano != 0 { number(view.timeUnixNano, path + "timeUnixNano") }
    if view.count != 0 { number(view.count, path + "count") }
    if let value = view.sum {
      double(value, path + "sum")
    }
    do {
      let list = view.bucketCounts
      for index in list.indices {
        number(list[index], path + "bucketCounts[\(index)]")
      }
    }
    do {
      let list = view.explicitBounds
      for index in list.indices {
        double(list[index], path + "explicitBounds[\(index)]")
      }
    }
    do {
      let list = view.exemplars
      for index in list.indices {
        message(path + "exemplars[\(index)]")
        fields(list[index], path + "exemplars[\(index)]" + ".")
      }
    }
    if view.flags != 0 { number(view.flags, path + "flags") }
    if let value = view.min {
      double(value, path + "min")
    }
    if let value = view.max {
      double(value, path + "max")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.ExponentialHistogramDataPoint, _ path: String) {
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.startTimeUnixNano != 0 { number(view.startTimeUnixNano, path + "startTimeUnixNano") }
    if view.timeUnixNano != 0 { number(view.timeUnixNano, path + "timeUnixNano") }
    if view.count != 0 { number(view.count, path + "count") }
    if let value = view.sum {
      double(value, path + "sum")
    }
    if view.scale != 0 { number(view.scale, path + "scale") }
    if view.zeroCount != 0 { number(view.zeroCount, path + "zeroCount") }
    if let value = view.positive {
      message(path + "positive")
      fields(value, path + "positive" + ".")
    }
    if let value = view.negative {
      message(path + "negative")
      fields(value, path + "negative" + ".")
    }
    if view.flags != 0 { number(view.flags, path + "flags") }
    do {
      let list = view.exemplars
      for index in list.indices {
        message(path + "exemplars[\(index)]")
        fields(list[index], path + "exemplars[\(index)]" + ".")
      }
    }
    if let value = view.min {
      double(value, path + "min")
    }
    if let value = view.max {
      double(value, path + "max")
    }
    if view.zeroThreshold != 0 { double(view.zeroThreshold, path + "zeroThreshold") }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.ExponentialHistogramDataPoint.Buckets, _ path: String) {
    if view.offset != 0 { number(view.offset, path + "offset") }
    do {
      let list = view.bucketCounts
      for index in list.indices {
        number(list[index], path + "bucketCounts[\(index)]")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.SummaryDataPoint, _ path: String) {
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.startTimeUnixNano != 0 { number(view.startTimeUnixNano, path + "startTimeUnixNano") }
    if view.timeUnixNano != 0 { number(view.timeUnixNano, path + "timeUnixNano") }
    if view.count != 0 { number(view.count, path + "count") }
    if view.sum != 0 { double(view.sum, path + "sum") }
    do {
      let list = view.quantileValues
      for index in list.indices {
        message(path + "quantileValues[\(index)]")
        fields(list[index], path + "quantileValues[\(index)]" + ".")
      }
    }
    if view.flags != 0 { number(view.flags, path + "flags") }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.SummaryDataPoint.ValueAtQuantile, _ path: String) {
    if view.quantile != 0 { double(view.quantile, path + "quantile") }
    if view.value != 0 { double(view.value, path + "value") }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.Exemplar, _ path: String) {
    do {
      let list = view.filteredAttributes
      for index in list.indices {
        message(path + "filteredAttributes[\(index)]")
        fields(list[index], path + "filteredAttributes[\(index)]" + ".")
      }
    }
    if view.timeUnixNano != 0 { number(view.timeUnixNano, path + "timeUnixNano") }
    if !view.spanId.isEmpty { bytes(view.spanId, path + "spanId") }
    if !view.traceId.isEmpty { bytes(view.traceId, path + "traceId") }
    switch view.value {
    case .asDouble(let value):
      double(value, path + "asDouble")
    case .asInt(let value):
      number(value, path + "asInt")
    case nil: break
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.ExportRequest, _ path: String) {
    do {
      let list = view.resourceMetrics
      for index in list.indices {
        message(path + "resourceMetrics[\(index)]")
        fields(list[index], path + "resourceMetrics[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.ExportResponse, _ path: String) {
    if let value = view.partialSuccess {
      message(path + "partialSuccess")
      fields(value, path + "partialSuccess" + ".")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Metrics.ExportPartialSuccess, _ path: String) {
    if view.rejectedDataPoints != 0 { number(view.rejectedDataPoints, path + "rejectedDataPoints") }
    if !view.errorMessage.isEmpty { text(view.errorMessage, path + "errorMessage") }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.ProfilesDictionary, _ path: String) {
    do {
      let list = view.mappingTable
      for index in list.indices {
        message(path + "mappingTable[\(index)]")
        fields(list[index], path + "mappingTable[\(index)]" + ".")
      }
    }
    do {
      let list = view.locationTable
      for index in list.indices {
        message(path + "locationTable[\(index)]")
        fields(list[index], path + "locationTable[\(index)]" + ".")
      }
    }
    do {
      let list = view.functionTable
      for index in list.indices {
        message(path + "functionTable[\(index)]")
        fields(list[index], path + "functionTable[\(index)]" + ".")
      }
    }
    do {
      let list = view.linkTable
      for index in list.indices {
        message(path + "linkTable[\(index)]")
        fields(list[index], path + "linkTable[\(index)]" + ".")
      }
    }
    do {
      let list = view.stringTable
      for index in list.indices {
        text(list[index], path + "stringTable[\(index)]")
      }
    }
    do {
      let list = view.attributeTable
      for index in list.indices {
        message(path + "attributeTable[\(index)]")
        fields(list[index], path + "attributeTable[\(index)]" + ".")
      }
    }
    do {
      let list = view.stackTable
      for index in list.indices {
        message(path + "stackTable[\(index)]")
        fields(list[index], path + "stackTable[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.ProfilesData, _ path: String) {
    do {
      let list = view.resourceProfiles
      for index in list.indices {
        message(path + "resourceProfiles[\(index)]")
        fields(list[index], path + "resourceProfiles[\(index)]" + ".")
      }
    }
    if let value = view.dictionary {
      message(path + "dictionary")
      fields(value, path + "dictionary" + ".")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.ResourceProfiles, _ path: String) {
    if let value = view.resource {
      message(path + "resource")
      fields(value, path + "resource" + ".")
    }
    do {
      let list = view.scopeProfiles
      for index in list.indices {
        message(path + "scopeProfiles[\(index)]")
        fields(list[index], path + "scopeProfiles[\(index)]" + ".")
      }
    }
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.ScopeProfiles, _ path: String) {
    if let value = view.scope {
      message(path + "scope")
      fields(value, path + "scope" + ".")
    }
    do {
      let list = view.profiles
      for index in list.indices {
        message(path + "profiles[\(index)]")
        fields(list[index], path + "profiles[\(index)]" + ".")
      }
    }
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.Profile, _ path: String) {
    if let value = view.sampleType {
      message(path + "sampleType")
      fields(value, path + "sampleType" + ".")
    }
    do {
      let list = view.samples
      for index in list.indices {
        message(path + "samples[\(index)]")
        fields(list[index], path + "samples[\(index)]" + ".")
      }
    }
    if view.timeUnixNano != 0 { number(view.timeUnixNano, path + "timeUnixNano") }
    if view.durationNano != 0 { number(view.durationNano, path + "durationNano") }
    if let value = view.periodType {
      message(path + "periodType")
      fields(value, path + "periodType" + ".")
    }
    if view.period != 0 { number(view.period, path + "period") }
    if !view.profileId.isEmpty { bytes(view.profileId, path + "profileId") }
    if view.droppedAttributesCount != 0 { number(view.droppedAttributesCount, path + "droppedAttributesCount") }
    if !view.originalPayloadFormat.isEmpty { text(view.originalPayloadFormat, path + "originalPayloadFormat") }
    if !view.originalPayload.isEmpty { bytes(view.originalPayload, path + "originalPayload") }
    do {
      let list = view.attributeIndices
      for index in list.indices {
        number(list[index], path + "attributeIndices[\(index)]")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.Link, _ path: String) {
    if !view.traceId.isEmpty { bytes(view.traceId, path + "traceId") }
    if !view.spanId.isEmpty { bytes(view.spanId, path + "spanId") }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.ValueType, _ path: String) {
    if view.typeStrindex != 0 { number(view.typeStrindex, path + "typeStrindex") }
    if view.unitStrindex != 0 { number(view.unitStrindex, path + "unitStrindex") }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.Sample, _ path: String) {
    if view.stackIndex != 0 { number(view.stackIndex, path + "stackIndex") }
    do {
      let list = view.attributeIndices
      for index in list.indices {
        number(list[index], path + "attributeIndices[\(index)]")
      }
    }
    if view.linkIndex != 0 { number(view.linkIndex, path + "linkIndex") }
    do {
      let list = view.values
      for index in list.indices {
        number(list[index], path + "values[\(index)]")
      }
    }
    do {
      let list = view.timestampsUnixNano
      for index in list.indices {
        number(list[index], path + "timestampsUnixNano[\(index)]")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.Mapping, _ path: String) {
    if view.memoryStart != 0 { number(view.memoryStart, path + "memoryStart") }
    if view.memoryLimit != 0 { number(view.memoryLimit, path + "memoryLimit") }
    if view.fileOffset != 0 { number(view.fileOffset, path + "fileOffset") }
    if view.filenameStrindex != 0 { number(view.filenameStrindex, path + "filenameStrindex") }
    do {
      let list = view.attributeIndices
      for index in list.indices {
        number(list[index], path + "attributeIndices[\(index)]")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.Stack, _ path: String) {
    do {
      let list = view.locationIndices
      for index in list.indices {
        number(list[index], path + "locationIndices[\(index)]")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.Location, _ path: String) {
    if view.mappingIndex != 0 { number(view.mappingIndex, path + "mappingIndex") }
    if view.address != 0 { number(view.address, path + "address") }
    do {
      let list = view.lines
      for index in list.indices {
        message(path + "lines[\(index)]")
        fields(list[index], path + "lines[\(index)]" + ".")
      }
    }
    do {
      let list = view.attributeIndices
      for index in list.indices {
        number(list[index], path + "attributeIndices[\(index)]")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.Line, _ path: String) {
    if view.functionIndex != 0 { number(view.functionIndex, path + "functionIndex") }
    if view.line != 0 { number(view.line, path + "line") }
    if view.column != 0 { number(view.column, path + "column") }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.Function, _ path: String) {
    if view.nameStrindex != 0 { number(view.nameStrindex, path + "nameStrindex") }
    if view.systemNameStrindex != 0 { number(view.systemNameStrindex, path + "systemNameStrindex") }
    if view.filenameStrindex != 0 { number(view.filenameStrindex, path + "filenameStrindex") }
    if view.startLine != 0 { number(view.startLine, path + "startLine") }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.KeyValueAndUnit, _ path: String) {
    if view.keyStrindex != 0 { number(view.keyStrindex, path + "keyStrindex") }
    if let value = view.value {
      message(path + "value")
      fields(value, path + "value" + ".")
    }
    if view.unitStrindex != 0 { number(view.unitStrindex, path + "unitStrindex") }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.ExportRequest, _ path: String) {
    do {
      let list = view.resourceProfiles
      for index in list.indices {
        message(path + "resourceProfiles[\(index)]")
        fields(list[index], path + "resourceProfiles[\(index)]" + ".")
      }
    }
    if let value = view.dictionary {
      message(path + "dictionary")
      fields(value, path + "dictionary" + ".")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.ExportResponse, _ path: String) {
    if let value = view.partialSuccess {
      message(path + "partialSuccess")
      fields(value, path + "partialSuccess" + ".")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Profiles.ExportPartialSuccess, _ path: String) {
    if view.rejectedProfiles != 0 { number(view.rejectedProfiles, path + "rejectedProfiles") }
    if !view.errorMessage.isEmpty { text(view.errorMessage, path + "errorMessage") }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.TracesData, _ path: String) {
    do {
      let list = view.resourceSpans
      for index in list.indices {
        message(path + "resourceSpans[\(index)]")
        fields(list[index], path + "resourceSpans[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.ResourceSpans, _ path: String) {
    if let value = view.resource {
      message(path + "resource")
      fields(value, path + "resource" + ".")
    }
    do {
      let list = view.scopeSpans
      for index in list.indices {
        message(path + "scopeSpans[\(index)]")
        fields(list[index], path + "scopeSpans[\(index)]" + ".")
      }
    }
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.ScopeSpans, _ path: String) {
    if let value = view.scope {
      message(path + "scope")
      fields(value, path + "scope" + ".")
    }
    do {
      let list = view.spans
      for index in list.indices {
        message(path + "spans[\(index)]")
        fields(list[index], path + "spans[\(index)]" + ".")
      }
    }
    if !view.schemaUrl.isEmpty { text(view.schemaUrl, path + "schemaUrl") }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.Span, _ path: String) {
    if !view.traceId.isEmpty { bytes(view.traceId, path + "traceId") }
    if !view.spanId.isEmpty { bytes(view.spanId, path + "spanId") }
    if !view.traceState.isEmpty { text(view.traceState, path + "traceState") }
    if !view.parentSpanId.isEmpty { bytes(view.parentSpanId, path + "parentSpanId") }
    if view.flags != 0 { number(view.flags, path + "flags") }
    if !view.name.isEmpty { text(view.name, path + "name") }
    if view.kind.rawValue != 0 { number(view.kind.rawValue, path + "kind") }
    if view.startTimeUnixNano != 0 { number(view.startTimeUnixNano, path + "startTimeUnixNano") }
    if view.endTimeUnixNano != 0 { number(view.endTimeUnixNano, path + "endTimeUnixNano") }
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.droppedAttributesCount != 0 { number(view.droppedAttributesCount, path + "droppedAttributesCount") }
    do {
      let list = view.events
      for index in list.indices {
        message(path + "events[\(index)]")
        fields(list[index], path + "events[\(index)]" + ".")
      }
    }
    if view.droppedEventsCount != 0 { number(view.droppedEventsCount, path + "droppedEventsCount") }
    do {
      let list = view.links
      for index in list.indices {
        message(path + "links[\(index)]")
        fields(list[index], path + "links[\(index)]" + ".")
      }
    }
    if view.droppedLinksCount != 0 { number(view.droppedLinksCount, path + "droppedLinksCount") }
    if let value = view.status {
      message(path + "status")
      fields(value, path + "status" + ".")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.Span.Event, _ path: String) {
    if view.timeUnixNano != 0 { number(view.timeUnixNano, path + "timeUnixNano") }
    if !view.name.isEmpty { text(view.name, path + "name") }
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.droppedAttributesCount != 0 { number(view.droppedAttributesCount, path + "droppedAttributesCount") }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.Span.Link, _ path: String) {
    if !view.traceId.isEmpty { bytes(view.traceId, path + "traceId") }
    if !view.spanId.isEmpty { bytes(view.spanId, path + "spanId") }
    if !view.traceState.isEmpty { text(view.traceState, path + "traceState") }
    do {
      let list = view.attributes
      for index in list.indices {
        message(path + "attributes[\(index)]")
        fields(list[index], path + "attributes[\(index)]" + ".")
      }
    }
    if view.droppedAttributesCount != 0 { number(view.droppedAttributesCount, path + "droppedAttributesCount") }
    if view.flags != 0 { number(view.flags, path + "flags") }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.Status, _ path: String) {
    if !view.message.isEmpty { text(view.message, path + "message") }
    if view.code.rawValue != 0 { number(view.code.rawValue, path + "code") }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.ExportRequest, _ path: String) {
    do {
      let list = view.resourceSpans
      for index in list.indices {
        message(path + "resourceSpans[\(index)]")
        fields(list[index], path + "resourceSpans[\(index)]" + ".")
      }
    }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.ExportResponse, _ path: String) {
    if let value = view.partialSuccess {
      message(path + "partialSuccess")
      fields(value, path + "partialSuccess" + ".")
    }
  }
}

extension Dump {
  mutating func fields(_ view: Traces.ExportPartialSuccess, _ path: String) {
    if view.rejectedSpans != 0 { number(view.rejectedSpans, path + "rejectedSpans") }
    if !view.errorMessage.isEmpty { text(view.errorMessage, path + "errorMessage") }
  }
}
