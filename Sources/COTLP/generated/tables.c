/* SPDX-License-Identifier: Apache-2.0 */
/* Made by Sources/COTLP/generate; not to be edited. */

#include "otlp.h"

#include <stddef.h>

#include "opentelemetry/proto/collector/logs/v1/logs_service.pb-c.h"
#include "opentelemetry/proto/collector/metrics/v1/metrics_service.pb-c.h"
#include "opentelemetry/proto/collector/profiles/v1development/profiles_service.pb-c.h"
#include "opentelemetry/proto/collector/trace/v1/trace_service.pb-c.h"
#include "opentelemetry/proto/common/v1/common.pb-c.h"
#include "opentelemetry/proto/logs/v1/logs.pb-c.h"
#include "opentelemetry/proto/metrics/v1/metrics.pb-c.h"
#include "opentelemetry/proto/profiles/v1development/profiles.pb-c.h"
#include "opentelemetry/proto/resource/v1/resource.pb-c.h"
#include "opentelemetry/proto/trace/v1/trace.pb-c.h"

_Static_assert(sizeof(Opentelemetry__Proto__Common__V1__AnyValue) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, string_value) == 32, "string_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, value_case) == 24, "string_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, bool_value) == 32, "bool_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, value_case) == 24, "bool_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, int_value) == 32, "int_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, value_case) == 24, "int_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, double_value) == 32, "double_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, value_case) == 24, "double_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, array_value) == 32, "array_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, value_case) == 24, "array_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, kvlist_value) == 32, "kvlist_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, value_case) == 24, "kvlist_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, bytes_value) == 32, "bytes_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, value_case) == 24, "bytes_value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, string_value_strindex) == 32, "string_value_strindex");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__AnyValue, value_case) == 24, "string_value_strindex");
static const struct otlp_field fields_of_OTLP_COMMON_ANY_VALUE[] = {
    [1] = {"stringValue", 0, 11, 32, 24, OTLP_TEXT, OTLP_ONEOF, OTLP_WIRE_OF_TEXT, 0},
    [2] = {"boolValue", 0, 9, 32, 24, OTLP_BOOL, OTLP_ONEOF, OTLP_WIRE_OF_BOOL, 0},
    [3] = {"intValue", 0, 8, 32, 24, OTLP_INT64, OTLP_ONEOF, OTLP_WIRE_OF_INT64, 0},
    [4] = {"doubleValue", 0, 11, 32, 24, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
    [5] = {"arrayValue", &otlp_messages[OTLP_COMMON_ARRAY_VALUE], 10, 32, 24, OTLP_MESSAGE, OTLP_ONEOF, OTLP_WIRE_OF_MESSAGE, 0},
    [6] = {"kvlistValue", &otlp_messages[OTLP_COMMON_KEY_VALUE_LIST], 11, 32, 24, OTLP_MESSAGE, OTLP_ONEOF, OTLP_WIRE_OF_MESSAGE, 0},
    [7] = {"bytesValue", 0, 10, 32, 24, OTLP_BYTES, OTLP_ONEOF, OTLP_WIRE_OF_BYTES, 0},
    [8] = {"stringValueStrindex", 0, 19, 32, 24, OTLP_INT32, OTLP_ONEOF, OTLP_WIRE_OF_INT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Common__V1__ArrayValue) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__ArrayValue, values) == 32, "values");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__ArrayValue, n_values) == 24, "values");
static const struct otlp_field fields_of_OTLP_COMMON_ARRAY_VALUE[] = {
    [1] = {"values", &otlp_messages[OTLP_COMMON_ANY_VALUE], 6, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Common__V1__KeyValueList) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__KeyValueList, values) == 32, "values");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__KeyValueList, n_values) == 24, "values");
static const struct otlp_field fields_of_OTLP_COMMON_KEY_VALUE_LIST[] = {
    [1] = {"values", &otlp_messages[OTLP_COMMON_KEY_VALUE], 6, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Common__V1__KeyValue) == 56, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__KeyValue, key) == 24, "key");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__KeyValue, value) == 40, "value");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__KeyValue, key_strindex) == 48, "key_strindex");
static const struct otlp_field fields_of_OTLP_COMMON_KEY_VALUE[] = {
    [1] = {"key", 0, 3, 24, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [2] = {"value", &otlp_messages[OTLP_COMMON_ANY_VALUE], 5, 40, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"keyStrindex", 0, 11, 48, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Common__V1__InstrumentationScope) == 80, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__InstrumentationScope, name) == 24, "name");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__InstrumentationScope, version) == 40, "version");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__InstrumentationScope, attributes) == 64, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__InstrumentationScope, n_attributes) == 56, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__InstrumentationScope, dropped_attributes_count) == 72, "dropped_attributes_count");
static const struct otlp_field fields_of_OTLP_COMMON_INSTRUMENTATION_SCOPE[] = {
    [1] = {"name", 0, 4, 24, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [2] = {"version", 0, 7, 40, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [3] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 64, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [4] = {"droppedAttributesCount", 0, 22, 72, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Common__V1__EntityRef) == 88, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__EntityRef, schema_url) == 24, "schema_url");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__EntityRef, type) == 40, "type");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__EntityRef, id_keys) == 64, "id_keys");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__EntityRef, n_id_keys) == 56, "id_keys");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__EntityRef, description_keys) == 80, "description_keys");
_Static_assert(offsetof(Opentelemetry__Proto__Common__V1__EntityRef, n_description_keys) == 72, "description_keys");
static const struct otlp_field fields_of_OTLP_COMMON_ENTITY_REF[] = {
    [1] = {"schemaUrl", 0, 9, 24, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [2] = {"type", 0, 4, 40, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [3] = {"idKeys", 0, 6, 64, 0, OTLP_TEXT, OTLP_REPEATED, OTLP_WIRE_OF_TEXT, 0},
    [4] = {"descriptionKeys", 0, 15, 80, 0, OTLP_TEXT, OTLP_REPEATED, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Resource__V1__Resource) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Resource__V1__Resource, attributes) == 32, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Resource__V1__Resource, n_attributes) == 24, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Resource__V1__Resource, dropped_attributes_count) == 40, "dropped_attributes_count");
_Static_assert(offsetof(Opentelemetry__Proto__Resource__V1__Resource, entity_refs) == 56, "entity_refs");
_Static_assert(offsetof(Opentelemetry__Proto__Resource__V1__Resource, n_entity_refs) == 48, "entity_refs");
static const struct otlp_field fields_of_OTLP_COMMON_RESOURCE[] = {
    [1] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"droppedAttributesCount", 0, 22, 40, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [3] = {"entityRefs", &otlp_messages[OTLP_COMMON_ENTITY_REF], 10, 56, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Logs__V1__LogsData) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogsData, resource_logs) == 32, "resource_logs");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogsData, n_resource_logs) == 24, "resource_logs");
static const struct otlp_field fields_of_OTLP_LOGS_LOGS_DATA[] = {
    [1] = {"resourceLogs", &otlp_messages[OTLP_LOGS_RESOURCE_LOGS], 12, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Logs__V1__ResourceLogs) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__ResourceLogs, resource) == 24, "resource");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__ResourceLogs, scope_logs) == 40, "scope_logs");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__ResourceLogs, n_scope_logs) == 32, "scope_logs");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__ResourceLogs, schema_url) == 48, "schema_url");
static const struct otlp_field fields_of_OTLP_LOGS_RESOURCE_LOGS[] = {
    [1] = {"resource", &otlp_messages[OTLP_COMMON_RESOURCE], 8, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"scopeLogs", &otlp_messages[OTLP_LOGS_SCOPE_LOGS], 9, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"schemaUrl", 0, 9, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Logs__V1__ScopeLogs) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__ScopeLogs, scope) == 24, "scope");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__ScopeLogs, log_records) == 40, "log_records");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__ScopeLogs, n_log_records) == 32, "log_records");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__ScopeLogs, schema_url) == 48, "schema_url");
static const struct otlp_field fields_of_OTLP_LOGS_SCOPE_LOGS[] = {
    [1] = {"scope", &otlp_messages[OTLP_COMMON_INSTRUMENTATION_SCOPE], 5, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"logRecords", &otlp_messages[OTLP_LOGS_LOG_RECORD], 10, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"schemaUrl", 0, 9, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Logs__V1__LogRecord) == 144, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, time_unix_nano) == 24, "time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, observed_time_unix_nano) == 32, "observed_time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, severity_number) == 40, "severity_number");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, severity_text) == 48, "severity_text");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, body) == 64, "body");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, attributes) == 80, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, n_attributes) == 72, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, dropped_attributes_count) == 88, "dropped_attributes_count");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, flags) == 92, "flags");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, trace_id) == 96, "trace_id");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, span_id) == 112, "span_id");
_Static_assert(offsetof(Opentelemetry__Proto__Logs__V1__LogRecord, event_name) == 128, "event_name");
static const struct otlp_field fields_of_OTLP_LOGS_LOG_RECORD[] = {
    [1] = {"timeUnixNano", 0, 12, 24, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [2] = {"severityNumber", 0, 14, 40, 0, OTLP_ENUM, OTLP_SINGLE, OTLP_WIRE_OF_ENUM, 0},
    [3] = {"severityText", 0, 12, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [5] = {"body", &otlp_messages[OTLP_COMMON_ANY_VALUE], 4, 64, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [6] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 80, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [7] = {"droppedAttributesCount", 0, 22, 88, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [8] = {"flags", 0, 5, 92, 0, OTLP_FIXED32, OTLP_SINGLE, OTLP_WIRE_OF_FIXED32, 0},
    [9] = {"traceId", 0, 7, 96, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [10] = {"spanId", 0, 6, 112, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [11] = {"observedTimeUnixNano", 0, 20, 32, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [12] = {"eventName", 0, 9, 128, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Logs__V1__ExportLogsServiceRequest) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Logs__V1__ExportLogsServiceRequest, resource_logs) == 32, "resource_logs");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Logs__V1__ExportLogsServiceRequest, n_resource_logs) == 24, "resource_logs");
static const struct otlp_field fields_of_OTLP_LOGS_EXPORT_REQUEST[] = {
    [1] = {"resourceLogs", &otlp_messages[OTLP_LOGS_RESOURCE_LOGS], 12, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Logs__V1__ExportLogsServiceResponse) == 32, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Logs__V1__ExportLogsServiceResponse, partial_success) == 24, "partial_success");
static const struct otlp_field fields_of_OTLP_LOGS_EXPORT_RESPONSE[] = {
    [1] = {"partialSuccess", &otlp_messages[OTLP_LOGS_EXPORT_PARTIAL_SUCCESS], 14, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Logs__V1__ExportLogsPartialSuccess) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Logs__V1__ExportLogsPartialSuccess, rejected_log_records) == 24, "rejected_log_records");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Logs__V1__ExportLogsPartialSuccess, error_message) == 32, "error_message");
static const struct otlp_field fields_of_OTLP_LOGS_EXPORT_PARTIAL_SUCCESS[] = {
    [1] = {"rejectedLogRecords", 0, 18, 24, 0, OTLP_INT64, OTLP_SINGLE, OTLP_WIRE_OF_INT64, 0},
    [2] = {"errorMessage", 0, 12, 32, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__MetricsData) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__MetricsData, resource_metrics) == 32, "resource_metrics");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__MetricsData, n_resource_metrics) == 24, "resource_metrics");
static const struct otlp_field fields_of_OTLP_METRICS_METRICS_DATA[] = {
    [1] = {"resourceMetrics", &otlp_messages[OTLP_METRICS_RESOURCE_METRICS], 15, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__ResourceMetrics) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ResourceMetrics, resource) == 24, "resource");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ResourceMetrics, scope_metrics) == 40, "scope_metrics");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ResourceMetrics, n_scope_metrics) == 32, "scope_metrics");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ResourceMetrics, schema_url) == 48, "schema_url");
static const struct otlp_field fields_of_OTLP_METRICS_RESOURCE_METRICS[] = {
    [1] = {"resource", &otlp_messages[OTLP_COMMON_RESOURCE], 8, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"scopeMetrics", &otlp_messages[OTLP_METRICS_SCOPE_METRICS], 12, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"schemaUrl", 0, 9, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__ScopeMetrics) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ScopeMetrics, scope) == 24, "scope");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ScopeMetrics, metrics) == 40, "metrics");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ScopeMetrics, n_metrics) == 32, "metrics");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ScopeMetrics, schema_url) == 48, "schema_url");
static const struct otlp_field fields_of_OTLP_METRICS_SCOPE_METRICS[] = {
    [1] = {"scope", &otlp_messages[OTLP_COMMON_INSTRUMENTATION_SCOPE], 5, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"metrics", &otlp_messages[OTLP_METRICS_METRIC], 7, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"schemaUrl", 0, 9, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__Metric) == 104, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, name) == 24, "name");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, description) == 40, "description");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, unit) == 56, "unit");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, gauge) == 96, "gauge");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, data_case) == 88, "gauge");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, sum) == 96, "sum");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, data_case) == 88, "sum");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, histogram) == 96, "histogram");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, data_case) == 88, "histogram");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, exponential_histogram) == 96, "exponential_histogram");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, data_case) == 88, "exponential_histogram");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, summary) == 96, "summary");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, data_case) == 88, "summary");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, metadata) == 80, "metadata");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Metric, n_metadata) == 72, "metadata");
static const struct otlp_field fields_of_OTLP_METRICS_METRIC[] = {
    [1] = {"name", 0, 4, 24, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [2] = {"description", 0, 11, 40, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [3] = {"unit", 0, 4, 56, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [5] = {"gauge", &otlp_messages[OTLP_METRICS_GAUGE], 5, 96, 88, OTLP_MESSAGE, OTLP_ONEOF, OTLP_WIRE_OF_MESSAGE, 0},
    [7] = {"sum", &otlp_messages[OTLP_METRICS_SUM], 3, 96, 88, OTLP_MESSAGE, OTLP_ONEOF, OTLP_WIRE_OF_MESSAGE, 0},
    [9] = {"histogram", &otlp_messages[OTLP_METRICS_HISTOGRAM], 9, 96, 88, OTLP_MESSAGE, OTLP_ONEOF, OTLP_WIRE_OF_MESSAGE, 0},
    [10] = {"exponentialHistogram", &otlp_messages[OTLP_METRICS_EXPONENTIAL_HISTOGRAM], 20, 96, 88, OTLP_MESSAGE, OTLP_ONEOF, OTLP_WIRE_OF_MESSAGE, 0},
    [11] = {"summary", &otlp_messages[OTLP_METRICS_SUMMARY], 7, 96, 88, OTLP_MESSAGE, OTLP_ONEOF, OTLP_WIRE_OF_MESSAGE, 0},
    [12] = {"metadata", &otlp_messages[OTLP_COMMON_KEY_VALUE], 8, 80, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__Gauge) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Gauge, data_points) == 32, "data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Gauge, n_data_points) == 24, "data_points");
static const struct otlp_field fields_of_OTLP_METRICS_GAUGE[] = {
    [1] = {"dataPoints", &otlp_messages[OTLP_METRICS_NUMBER_DATA_POINT], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__Sum) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Sum, data_points) == 32, "data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Sum, n_data_points) == 24, "data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Sum, aggregation_temporality) == 40, "aggregation_temporality");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Sum, is_monotonic) == 44, "is_monotonic");
static const struct otlp_field fields_of_OTLP_METRICS_SUM[] = {
    [1] = {"dataPoints", &otlp_messages[OTLP_METRICS_NUMBER_DATA_POINT], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"aggregationTemporality", 0, 22, 40, 0, OTLP_ENUM, OTLP_SINGLE, OTLP_WIRE_OF_ENUM, 0},
    [3] = {"isMonotonic", 0, 11, 44, 0, OTLP_BOOL, OTLP_SINGLE, OTLP_WIRE_OF_BOOL, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__Histogram) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Histogram, data_points) == 32, "data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Histogram, n_data_points) == 24, "data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Histogram, aggregation_temporality) == 40, "aggregation_temporality");
static const struct otlp_field fields_of_OTLP_METRICS_HISTOGRAM[] = {
    [1] = {"dataPoints", &otlp_messages[OTLP_METRICS_HISTOGRAM_DATA_POINT], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"aggregationTemporality", 0, 22, 40, 0, OTLP_ENUM, OTLP_SINGLE, OTLP_WIRE_OF_ENUM, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogram) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogram, data_points) == 32, "data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogram, n_data_points) == 24, "data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogram, aggregation_temporality) == 40, "aggregation_temporality");
static const struct otlp_field fields_of_OTLP_METRICS_EXPONENTIAL_HISTOGRAM[] = {
    [1] = {"dataPoints", &otlp_messages[OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"aggregationTemporality", 0, 22, 40, 0, OTLP_ENUM, OTLP_SINGLE, OTLP_WIRE_OF_ENUM, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__Summary) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Summary, data_points) == 32, "data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Summary, n_data_points) == 24, "data_points");
static const struct otlp_field fields_of_OTLP_METRICS_SUMMARY[] = {
    [1] = {"dataPoints", &otlp_messages[OTLP_METRICS_SUMMARY_DATA_POINT], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint) == 88, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, attributes) == 32, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, n_attributes) == 24, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, start_time_unix_nano) == 40, "start_time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, time_unix_nano) == 48, "time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, as_double) == 80, "as_double");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, value_case) == 76, "as_double");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, as_int) == 80, "as_int");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, value_case) == 76, "as_int");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, exemplars) == 64, "exemplars");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, n_exemplars) == 56, "exemplars");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__NumberDataPoint, flags) == 72, "flags");
static const struct otlp_field fields_of_OTLP_METRICS_NUMBER_DATA_POINT[] = {
    [2] = {"startTimeUnixNano", 0, 17, 40, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [3] = {"timeUnixNano", 0, 12, 48, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [4] = {"asDouble", 0, 8, 80, 76, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
    [5] = {"exemplars", &otlp_messages[OTLP_METRICS_EXEMPLAR], 9, 64, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [6] = {"asInt", 0, 5, 80, 76, OTLP_SFIXED64, OTLP_ONEOF, OTLP_WIRE_OF_SFIXED64, 0},
    [7] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [8] = {"flags", 0, 5, 72, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint) == 160, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, attributes) == 32, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, n_attributes) == 24, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, start_time_unix_nano) == 40, "start_time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, time_unix_nano) == 48, "time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, count) == 56, "count");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, sum) == 120, "sum");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, _sum_case) == 116, "sum");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, bucket_counts) == 72, "bucket_counts");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, n_bucket_counts) == 64, "bucket_counts");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, explicit_bounds) == 88, "explicit_bounds");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, n_explicit_bounds) == 80, "explicit_bounds");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, exemplars) == 104, "exemplars");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, n_exemplars) == 96, "exemplars");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, flags) == 112, "flags");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, min) == 136, "min");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, _min_case) == 128, "min");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, max) == 152, "max");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__HistogramDataPoint, _max_case) == 144, "max");
static const struct otlp_field fields_of_OTLP_METRICS_HISTOGRAM_DATA_POINT[] = {
    [2] = {"startTimeUnixNano", 0, 17, 40, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [3] = {"timeUnixNano", 0, 12, 48, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [4] = {"count", 0, 5, 56, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [5] = {"sum", 0, 3, 120, 116, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
    [6] = {"bucketCounts", 0, 12, 72, 0, OTLP_FIXED64, OTLP_REPEATED, OTLP_WIRE_OF_FIXED64, 0},
    [7] = {"explicitBounds", 0, 14, 88, 0, OTLP_DOUBLE, OTLP_REPEATED, OTLP_WIRE_OF_DOUBLE, 0},
    [8] = {"exemplars", &otlp_messages[OTLP_METRICS_EXEMPLAR], 9, 104, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [9] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [10] = {"flags", 0, 5, 112, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [11] = {"min", 0, 3, 136, 128, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
    [12] = {"max", 0, 3, 152, 144, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint) == 176, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, attributes) == 32, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, n_attributes) == 24, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, start_time_unix_nano) == 40, "start_time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, time_unix_nano) == 48, "time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, count) == 56, "count");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, sum) == 136, "sum");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, _sum_case) == 128, "sum");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, scale) == 64, "scale");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, zero_count) == 72, "zero_count");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, positive) == 80, "positive");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, negative) == 88, "negative");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, flags) == 96, "flags");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, exemplars) == 112, "exemplars");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, n_exemplars) == 104, "exemplars");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, min) == 152, "min");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, _min_case) == 144, "min");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, max) == 168, "max");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, _max_case) == 160, "max");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint, zero_threshold) == 120, "zero_threshold");
static const struct otlp_field fields_of_OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT[] = {
    [1] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"startTimeUnixNano", 0, 17, 40, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [3] = {"timeUnixNano", 0, 12, 48, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [4] = {"count", 0, 5, 56, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [5] = {"sum", 0, 3, 136, 128, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
    [6] = {"scale", 0, 5, 64, 0, OTLP_SINT32, OTLP_SINGLE, OTLP_WIRE_OF_SINT32, 0},
    [7] = {"zeroCount", 0, 9, 72, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [8] = {"positive", &otlp_messages[OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT_BUCKETS], 8, 80, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [9] = {"negative", &otlp_messages[OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT_BUCKETS], 8, 88, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [10] = {"flags", 0, 5, 96, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [11] = {"exemplars", &otlp_messages[OTLP_METRICS_EXEMPLAR], 9, 112, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [12] = {"min", 0, 3, 152, 144, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
    [13] = {"max", 0, 3, 168, 160, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
    [14] = {"zeroThreshold", 0, 13, 120, 0, OTLP_DOUBLE, OTLP_SINGLE, OTLP_WIRE_OF_DOUBLE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint__Buckets) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint__Buckets, offset) == 24, "offset");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint__Buckets, bucket_counts) == 40, "bucket_counts");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__ExponentialHistogramDataPoint__Buckets, n_bucket_counts) == 32, "bucket_counts");
static const struct otlp_field fields_of_OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT_BUCKETS[] = {
    [1] = {"offset", 0, 6, 24, 0, OTLP_SINT32, OTLP_SINGLE, OTLP_WIRE_OF_SINT32, 0},
    [2] = {"bucketCounts", 0, 12, 40, 0, OTLP_UINT64, OTLP_REPEATED, OTLP_WIRE_OF_UINT64, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint) == 96, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, attributes) == 32, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, n_attributes) == 24, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, start_time_unix_nano) == 40, "start_time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, time_unix_nano) == 48, "time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, count) == 56, "count");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, sum) == 64, "sum");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, quantile_values) == 80, "quantile_values");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, n_quantile_values) == 72, "quantile_values");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint, flags) == 88, "flags");
static const struct otlp_field fields_of_OTLP_METRICS_SUMMARY_DATA_POINT[] = {
    [2] = {"startTimeUnixNano", 0, 17, 40, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [3] = {"timeUnixNano", 0, 12, 48, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [4] = {"count", 0, 5, 56, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [5] = {"sum", 0, 3, 64, 0, OTLP_DOUBLE, OTLP_SINGLE, OTLP_WIRE_OF_DOUBLE, 0},
    [6] = {"quantileValues", &otlp_messages[OTLP_METRICS_SUMMARY_DATA_POINT_VALUE_AT_QUANTILE], 14, 80, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [7] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [8] = {"flags", 0, 5, 88, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint__ValueAtQuantile) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint__ValueAtQuantile, quantile) == 24, "quantile");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__SummaryDataPoint__ValueAtQuantile, value) == 32, "value");
static const struct otlp_field fields_of_OTLP_METRICS_SUMMARY_DATA_POINT_VALUE_AT_QUANTILE[] = {
    [1] = {"quantile", 0, 8, 24, 0, OTLP_DOUBLE, OTLP_SINGLE, OTLP_WIRE_OF_DOUBLE, 0},
    [2] = {"value", 0, 5, 32, 0, OTLP_DOUBLE, OTLP_SINGLE, OTLP_WIRE_OF_DOUBLE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Metrics__V1__Exemplar) == 96, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, filtered_attributes) == 32, "filtered_attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, n_filtered_attributes) == 24, "filtered_attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, time_unix_nano) == 40, "time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, as_double) == 88, "as_double");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, value_case) == 80, "as_double");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, as_int) == 88, "as_int");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, value_case) == 80, "as_int");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, span_id) == 48, "span_id");
_Static_assert(offsetof(Opentelemetry__Proto__Metrics__V1__Exemplar, trace_id) == 64, "trace_id");
static const struct otlp_field fields_of_OTLP_METRICS_EXEMPLAR[] = {
    [2] = {"timeUnixNano", 0, 12, 40, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [3] = {"asDouble", 0, 8, 88, 80, OTLP_DOUBLE, OTLP_ONEOF, OTLP_WIRE_OF_DOUBLE, 0},
    [4] = {"spanId", 0, 6, 48, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [5] = {"traceId", 0, 7, 64, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [6] = {"asInt", 0, 5, 88, 80, OTLP_SFIXED64, OTLP_ONEOF, OTLP_WIRE_OF_SFIXED64, 0},
    [7] = {"filteredAttributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 18, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsServiceRequest) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsServiceRequest, resource_metrics) == 32, "resource_metrics");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsServiceRequest, n_resource_metrics) == 24, "resource_metrics");
static const struct otlp_field fields_of_OTLP_METRICS_EXPORT_REQUEST[] = {
    [1] = {"resourceMetrics", &otlp_messages[OTLP_METRICS_RESOURCE_METRICS], 15, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsServiceResponse) == 32, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsServiceResponse, partial_success) == 24, "partial_success");
static const struct otlp_field fields_of_OTLP_METRICS_EXPORT_RESPONSE[] = {
    [1] = {"partialSuccess", &otlp_messages[OTLP_METRICS_EXPORT_PARTIAL_SUCCESS], 14, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsPartialSuccess) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsPartialSuccess, rejected_data_points) == 24, "rejected_data_points");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Metrics__V1__ExportMetricsPartialSuccess, error_message) == 32, "error_message");
static const struct otlp_field fields_of_OTLP_METRICS_EXPORT_PARTIAL_SUCCESS[] = {
    [1] = {"rejectedDataPoints", 0, 18, 24, 0, OTLP_INT64, OTLP_SINGLE, OTLP_WIRE_OF_INT64, 0},
    [2] = {"errorMessage", 0, 12, 32, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary) == 136, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, mapping_table) == 32, "mapping_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, n_mapping_table) == 24, "mapping_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, location_table) == 48, "location_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, n_location_table) == 40, "location_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, function_table) == 64, "function_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, n_function_table) == 56, "function_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, link_table) == 80, "link_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, n_link_table) == 72, "link_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, string_table) == 96, "string_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, n_string_table) == 88, "string_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, attribute_table) == 112, "attribute_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, n_attribute_table) == 104, "attribute_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, stack_table) == 128, "stack_table");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesDictionary, n_stack_table) == 120, "stack_table");
static const struct otlp_field fields_of_OTLP_PROFILES_PROFILES_DICTIONARY[] = {
    [1] = {"mappingTable", &otlp_messages[OTLP_PROFILES_MAPPING], 12, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"locationTable", &otlp_messages[OTLP_PROFILES_LOCATION], 13, 48, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"functionTable", &otlp_messages[OTLP_PROFILES_FUNCTION], 13, 64, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [4] = {"linkTable", &otlp_messages[OTLP_PROFILES_LINK], 9, 80, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [5] = {"stringTable", 0, 11, 96, 0, OTLP_TEXT, OTLP_REPEATED, OTLP_WIRE_OF_TEXT, 0},
    [6] = {"attributeTable", &otlp_messages[OTLP_PROFILES_KEY_VALUE_AND_UNIT], 14, 112, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [7] = {"stackTable", &otlp_messages[OTLP_PROFILES_STACK], 10, 128, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__ProfilesData) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesData, resource_profiles) == 32, "resource_profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesData, n_resource_profiles) == 24, "resource_profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ProfilesData, dictionary) == 40, "dictionary");
static const struct otlp_field fields_of_OTLP_PROFILES_PROFILES_DATA[] = {
    [1] = {"resourceProfiles", &otlp_messages[OTLP_PROFILES_RESOURCE_PROFILES], 16, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"dictionary", &otlp_messages[OTLP_PROFILES_PROFILES_DICTIONARY], 10, 40, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__ResourceProfiles) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ResourceProfiles, resource) == 24, "resource");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ResourceProfiles, scope_profiles) == 40, "scope_profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ResourceProfiles, n_scope_profiles) == 32, "scope_profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ResourceProfiles, schema_url) == 48, "schema_url");
static const struct otlp_field fields_of_OTLP_PROFILES_RESOURCE_PROFILES[] = {
    [1] = {"resource", &otlp_messages[OTLP_COMMON_RESOURCE], 8, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"scopeProfiles", &otlp_messages[OTLP_PROFILES_SCOPE_PROFILES], 13, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"schemaUrl", 0, 9, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__ScopeProfiles) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ScopeProfiles, scope) == 24, "scope");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ScopeProfiles, profiles) == 40, "profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ScopeProfiles, n_profiles) == 32, "profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ScopeProfiles, schema_url) == 48, "schema_url");
static const struct otlp_field fields_of_OTLP_PROFILES_SCOPE_PROFILES[] = {
    [1] = {"scope", &otlp_messages[OTLP_COMMON_INSTRUMENTATION_SCOPE], 5, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"profiles", &otlp_messages[OTLP_PROFILES_PROFILE], 8, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"schemaUrl", 0, 9, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__Profile) == 152, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, sample_type) == 24, "sample_type");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, samples) == 40, "samples");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, n_samples) == 32, "samples");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, time_unix_nano) == 48, "time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, duration_nano) == 56, "duration_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, period_type) == 64, "period_type");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, period) == 72, "period");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, profile_id) == 80, "profile_id");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, dropped_attributes_count) == 96, "dropped_attributes_count");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, original_payload_format) == 104, "original_payload_format");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, original_payload) == 120, "original_payload");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, attribute_indices) == 144, "attribute_indices");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Profile, n_attribute_indices) == 136, "attribute_indices");
static const struct otlp_field fields_of_OTLP_PROFILES_PROFILE[] = {
    [1] = {"sampleType", &otlp_messages[OTLP_PROFILES_VALUE_TYPE], 10, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"samples", &otlp_messages[OTLP_PROFILES_SAMPLE], 7, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"timeUnixNano", 0, 12, 48, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [4] = {"durationNano", 0, 12, 56, 0, OTLP_UINT64, OTLP_SINGLE, OTLP_WIRE_OF_UINT64, 0},
    [5] = {"periodType", &otlp_messages[OTLP_PROFILES_VALUE_TYPE], 10, 64, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [6] = {"period", 0, 6, 72, 0, OTLP_INT64, OTLP_SINGLE, OTLP_WIRE_OF_INT64, 0},
    [7] = {"profileId", 0, 9, 80, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [8] = {"droppedAttributesCount", 0, 22, 96, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [9] = {"originalPayloadFormat", 0, 21, 104, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [10] = {"originalPayload", 0, 15, 120, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 0},
    [11] = {"attributeIndices", 0, 16, 144, 0, OTLP_INT32, OTLP_REPEATED, OTLP_WIRE_OF_INT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__Link) == 56, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Link, trace_id) == 24, "trace_id");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Link, span_id) == 40, "span_id");
static const struct otlp_field fields_of_OTLP_PROFILES_LINK[] = {
    [1] = {"traceId", 0, 7, 24, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [2] = {"spanId", 0, 6, 40, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__ValueType) == 32, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ValueType, type_strindex) == 24, "type_strindex");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__ValueType, unit_strindex) == 28, "unit_strindex");
static const struct otlp_field fields_of_OTLP_PROFILES_VALUE_TYPE[] = {
    [1] = {"typeStrindex", 0, 12, 24, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [2] = {"unitStrindex", 0, 12, 28, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__Sample) == 88, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Sample, stack_index) == 24, "stack_index");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Sample, attribute_indices) == 40, "attribute_indices");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Sample, n_attribute_indices) == 32, "attribute_indices");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Sample, link_index) == 48, "link_index");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Sample, values) == 64, "values");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Sample, n_values) == 56, "values");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Sample, timestamps_unix_nano) == 80, "timestamps_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Sample, n_timestamps_unix_nano) == 72, "timestamps_unix_nano");
static const struct otlp_field fields_of_OTLP_PROFILES_SAMPLE[] = {
    [1] = {"stackIndex", 0, 10, 24, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [2] = {"attributeIndices", 0, 16, 40, 0, OTLP_INT32, OTLP_REPEATED, OTLP_WIRE_OF_INT32, 0},
    [3] = {"linkIndex", 0, 9, 48, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [4] = {"values", 0, 6, 64, 0, OTLP_INT64, OTLP_REPEATED, OTLP_WIRE_OF_INT64, 0},
    [5] = {"timestampsUnixNano", 0, 18, 80, 0, OTLP_FIXED64, OTLP_REPEATED, OTLP_WIRE_OF_FIXED64, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__Mapping) == 72, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Mapping, memory_start) == 24, "memory_start");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Mapping, memory_limit) == 32, "memory_limit");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Mapping, file_offset) == 40, "file_offset");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Mapping, filename_strindex) == 48, "filename_strindex");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Mapping, attribute_indices) == 64, "attribute_indices");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Mapping, n_attribute_indices) == 56, "attribute_indices");
static const struct otlp_field fields_of_OTLP_PROFILES_MAPPING[] = {
    [1] = {"memoryStart", 0, 11, 24, 0, OTLP_UINT64, OTLP_SINGLE, OTLP_WIRE_OF_UINT64, 0},
    [2] = {"memoryLimit", 0, 11, 32, 0, OTLP_UINT64, OTLP_SINGLE, OTLP_WIRE_OF_UINT64, 0},
    [3] = {"fileOffset", 0, 10, 40, 0, OTLP_UINT64, OTLP_SINGLE, OTLP_WIRE_OF_UINT64, 0},
    [4] = {"filenameStrindex", 0, 16, 48, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [5] = {"attributeIndices", 0, 16, 64, 0, OTLP_INT32, OTLP_REPEATED, OTLP_WIRE_OF_INT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__Stack) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Stack, location_indices) == 32, "location_indices");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Stack, n_location_indices) == 24, "location_indices");
static const struct otlp_field fields_of_OTLP_PROFILES_STACK[] = {
    [1] = {"locationIndices", 0, 15, 32, 0, OTLP_INT32, OTLP_REPEATED, OTLP_WIRE_OF_INT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__Location) == 72, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Location, mapping_index) == 24, "mapping_index");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Location, address) == 32, "address");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Location, lines) == 48, "lines");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Location, n_lines) == 40, "lines");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Location, attribute_indices) == 64, "attribute_indices");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Location, n_attribute_indices) == 56, "attribute_indices");
static const struct otlp_field fields_of_OTLP_PROFILES_LOCATION[] = {
    [1] = {"mappingIndex", 0, 12, 24, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [2] = {"address", 0, 7, 32, 0, OTLP_UINT64, OTLP_SINGLE, OTLP_WIRE_OF_UINT64, 0},
    [3] = {"lines", &otlp_messages[OTLP_PROFILES_LINE], 5, 48, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [4] = {"attributeIndices", 0, 16, 64, 0, OTLP_INT32, OTLP_REPEATED, OTLP_WIRE_OF_INT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__Line) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Line, function_index) == 24, "function_index");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Line, line) == 32, "line");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Line, column) == 40, "column");
static const struct otlp_field fields_of_OTLP_PROFILES_LINE[] = {
    [1] = {"functionIndex", 0, 13, 24, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [2] = {"line", 0, 4, 32, 0, OTLP_INT64, OTLP_SINGLE, OTLP_WIRE_OF_INT64, 0},
    [3] = {"column", 0, 6, 40, 0, OTLP_INT64, OTLP_SINGLE, OTLP_WIRE_OF_INT64, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__Function) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Function, name_strindex) == 24, "name_strindex");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Function, system_name_strindex) == 28, "system_name_strindex");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Function, filename_strindex) == 32, "filename_strindex");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__Function, start_line) == 40, "start_line");
static const struct otlp_field fields_of_OTLP_PROFILES_FUNCTION[] = {
    [1] = {"nameStrindex", 0, 12, 24, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [2] = {"systemNameStrindex", 0, 18, 28, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [3] = {"filenameStrindex", 0, 16, 32, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [4] = {"startLine", 0, 9, 40, 0, OTLP_INT64, OTLP_SINGLE, OTLP_WIRE_OF_INT64, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Profiles__V1development__KeyValueAndUnit) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__KeyValueAndUnit, key_strindex) == 24, "key_strindex");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__KeyValueAndUnit, value) == 32, "value");
_Static_assert(offsetof(Opentelemetry__Proto__Profiles__V1development__KeyValueAndUnit, unit_strindex) == 40, "unit_strindex");
static const struct otlp_field fields_of_OTLP_PROFILES_KEY_VALUE_AND_UNIT[] = {
    [1] = {"keyStrindex", 0, 11, 24, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
    [2] = {"value", &otlp_messages[OTLP_COMMON_ANY_VALUE], 5, 32, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"unitStrindex", 0, 12, 40, 0, OTLP_INT32, OTLP_SINGLE, OTLP_WIRE_OF_INT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesServiceRequest) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesServiceRequest, resource_profiles) == 32, "resource_profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesServiceRequest, n_resource_profiles) == 24, "resource_profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesServiceRequest, dictionary) == 40, "dictionary");
static const struct otlp_field fields_of_OTLP_PROFILES_EXPORT_REQUEST[] = {
    [1] = {"resourceProfiles", &otlp_messages[OTLP_PROFILES_RESOURCE_PROFILES], 16, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"dictionary", &otlp_messages[OTLP_PROFILES_PROFILES_DICTIONARY], 10, 40, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesServiceResponse) == 32, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesServiceResponse, partial_success) == 24, "partial_success");
static const struct otlp_field fields_of_OTLP_PROFILES_EXPORT_RESPONSE[] = {
    [1] = {"partialSuccess", &otlp_messages[OTLP_PROFILES_EXPORT_PARTIAL_SUCCESS], 14, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesPartialSuccess) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesPartialSuccess, rejected_profiles) == 24, "rejected_profiles");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Profiles__V1development__ExportProfilesPartialSuccess, error_message) == 32, "error_message");
static const struct otlp_field fields_of_OTLP_PROFILES_EXPORT_PARTIAL_SUCCESS[] = {
    [1] = {"rejectedProfiles", 0, 16, 24, 0, OTLP_INT64, OTLP_SINGLE, OTLP_WIRE_OF_INT64, 0},
    [2] = {"errorMessage", 0, 12, 32, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Trace__V1__TracesData) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__TracesData, resource_spans) == 32, "resource_spans");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__TracesData, n_resource_spans) == 24, "resource_spans");
static const struct otlp_field fields_of_OTLP_TRACES_TRACES_DATA[] = {
    [1] = {"resourceSpans", &otlp_messages[OTLP_TRACES_RESOURCE_SPANS], 13, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Trace__V1__ResourceSpans) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__ResourceSpans, resource) == 24, "resource");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__ResourceSpans, scope_spans) == 40, "scope_spans");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__ResourceSpans, n_scope_spans) == 32, "scope_spans");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__ResourceSpans, schema_url) == 48, "schema_url");
static const struct otlp_field fields_of_OTLP_TRACES_RESOURCE_SPANS[] = {
    [1] = {"resource", &otlp_messages[OTLP_COMMON_RESOURCE], 8, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"scopeSpans", &otlp_messages[OTLP_TRACES_SCOPE_SPANS], 10, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"schemaUrl", 0, 9, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Trace__V1__ScopeSpans) == 64, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__ScopeSpans, scope) == 24, "scope");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__ScopeSpans, spans) == 40, "spans");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__ScopeSpans, n_spans) == 32, "spans");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__ScopeSpans, schema_url) == 48, "schema_url");
static const struct otlp_field fields_of_OTLP_TRACES_SCOPE_SPANS[] = {
    [1] = {"scope", &otlp_messages[OTLP_COMMON_INSTRUMENTATION_SCOPE], 5, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [2] = {"spans", &otlp_messages[OTLP_TRACES_SPAN], 5, 40, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [3] = {"schemaUrl", 0, 9, 48, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Trace__V1__Span) == 216, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, trace_id) == 24, "trace_id");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, span_id) == 40, "span_id");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, trace_state) == 56, "trace_state");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, parent_span_id) == 72, "parent_span_id");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, flags) == 88, "flags");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, name) == 96, "name");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, kind) == 112, "kind");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, start_time_unix_nano) == 120, "start_time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, end_time_unix_nano) == 128, "end_time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, attributes) == 144, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, n_attributes) == 136, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, dropped_attributes_count) == 152, "dropped_attributes_count");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, events) == 168, "events");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, n_events) == 160, "events");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, dropped_events_count) == 176, "dropped_events_count");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, links) == 192, "links");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, n_links) == 184, "links");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, dropped_links_count) == 200, "dropped_links_count");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span, status) == 208, "status");
static const struct otlp_field fields_of_OTLP_TRACES_SPAN[] = {
    [1] = {"traceId", 0, 7, 24, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [2] = {"spanId", 0, 6, 40, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [3] = {"traceState", 0, 10, 56, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [4] = {"parentSpanId", 0, 12, 72, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [5] = {"name", 0, 4, 96, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [6] = {"kind", 0, 4, 112, 0, OTLP_ENUM, OTLP_SINGLE, OTLP_WIRE_OF_ENUM, 0},
    [7] = {"startTimeUnixNano", 0, 17, 120, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [8] = {"endTimeUnixNano", 0, 15, 128, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [9] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 144, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [10] = {"droppedAttributesCount", 0, 22, 152, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [11] = {"events", &otlp_messages[OTLP_TRACES_SPAN_EVENT], 6, 168, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [12] = {"droppedEventsCount", 0, 18, 176, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [13] = {"links", &otlp_messages[OTLP_TRACES_SPAN_LINK], 5, 192, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [14] = {"droppedLinksCount", 0, 17, 200, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [15] = {"status", &otlp_messages[OTLP_TRACES_STATUS], 6, 208, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
    [16] = {"flags", 0, 5, 88, 0, OTLP_FIXED32, OTLP_SINGLE, OTLP_WIRE_OF_FIXED32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Trace__V1__Span__Event) == 72, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Event, time_unix_nano) == 24, "time_unix_nano");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Event, name) == 32, "name");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Event, attributes) == 56, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Event, n_attributes) == 48, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Event, dropped_attributes_count) == 64, "dropped_attributes_count");
static const struct otlp_field fields_of_OTLP_TRACES_SPAN_EVENT[] = {
    [1] = {"timeUnixNano", 0, 12, 24, 0, OTLP_FIXED64, OTLP_SINGLE, OTLP_WIRE_OF_FIXED64, 0},
    [2] = {"name", 0, 4, 32, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [3] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 56, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [4] = {"droppedAttributesCount", 0, 22, 64, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Trace__V1__Span__Link) == 96, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Link, trace_id) == 24, "trace_id");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Link, span_id) == 40, "span_id");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Link, trace_state) == 56, "trace_state");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Link, attributes) == 80, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Link, n_attributes) == 72, "attributes");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Link, dropped_attributes_count) == 88, "dropped_attributes_count");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Span__Link, flags) == 92, "flags");
static const struct otlp_field fields_of_OTLP_TRACES_SPAN_LINK[] = {
    [1] = {"traceId", 0, 7, 24, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [2] = {"spanId", 0, 6, 40, 0, OTLP_BYTES, OTLP_SINGLE, OTLP_WIRE_OF_BYTES, 1},
    [3] = {"traceState", 0, 10, 56, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [4] = {"attributes", &otlp_messages[OTLP_COMMON_KEY_VALUE], 10, 80, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
    [5] = {"droppedAttributesCount", 0, 22, 88, 0, OTLP_UINT32, OTLP_SINGLE, OTLP_WIRE_OF_UINT32, 0},
    [6] = {"flags", 0, 5, 92, 0, OTLP_FIXED32, OTLP_SINGLE, OTLP_WIRE_OF_FIXED32, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Trace__V1__Status) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Status, message) == 24, "message");
_Static_assert(offsetof(Opentelemetry__Proto__Trace__V1__Status, code) == 40, "code");
static const struct otlp_field fields_of_OTLP_TRACES_STATUS[] = {
    [2] = {"message", 0, 7, 24, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
    [3] = {"code", 0, 4, 40, 0, OTLP_ENUM, OTLP_SINGLE, OTLP_WIRE_OF_ENUM, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceRequest) == 40, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceRequest, resource_spans) == 32, "resource_spans");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceRequest, n_resource_spans) == 24, "resource_spans");
static const struct otlp_field fields_of_OTLP_TRACES_EXPORT_REQUEST[] = {
    [1] = {"resourceSpans", &otlp_messages[OTLP_TRACES_RESOURCE_SPANS], 13, 32, 0, OTLP_MESSAGE, OTLP_REPEATED, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceResponse) == 32, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Trace__V1__ExportTraceServiceResponse, partial_success) == 24, "partial_success");
static const struct otlp_field fields_of_OTLP_TRACES_EXPORT_RESPONSE[] = {
    [1] = {"partialSuccess", &otlp_messages[OTLP_TRACES_EXPORT_PARTIAL_SUCCESS], 14, 24, 0, OTLP_MESSAGE, OTLP_SINGLE, OTLP_WIRE_OF_MESSAGE, 0},
};

_Static_assert(sizeof(Opentelemetry__Proto__Collector__Trace__V1__ExportTracePartialSuccess) == 48, "size");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Trace__V1__ExportTracePartialSuccess, rejected_spans) == 24, "rejected_spans");
_Static_assert(offsetof(Opentelemetry__Proto__Collector__Trace__V1__ExportTracePartialSuccess, error_message) == 32, "error_message");
static const struct otlp_field fields_of_OTLP_TRACES_EXPORT_PARTIAL_SUCCESS[] = {
    [1] = {"rejectedSpans", 0, 13, 24, 0, OTLP_INT64, OTLP_SINGLE, OTLP_WIRE_OF_INT64, 0},
    [2] = {"errorMessage", 0, 12, 32, 0, OTLP_TEXT, OTLP_SINGLE, OTLP_WIRE_OF_TEXT, 0},
};

const struct otlp_message otlp_messages[OTLP_MESSAGE_COUNT] = {
    [OTLP_COMMON_ANY_VALUE] = {"opentelemetry.proto.common.v1.AnyValue", fields_of_OTLP_COMMON_ANY_VALUE, &opentelemetry__proto__common__v1__any_value__descriptor, 9, 48},
    [OTLP_COMMON_ARRAY_VALUE] = {"opentelemetry.proto.common.v1.ArrayValue", fields_of_OTLP_COMMON_ARRAY_VALUE, &opentelemetry__proto__common__v1__array_value__descriptor, 2, 40},
    [OTLP_COMMON_KEY_VALUE_LIST] = {"opentelemetry.proto.common.v1.KeyValueList", fields_of_OTLP_COMMON_KEY_VALUE_LIST, &opentelemetry__proto__common__v1__key_value_list__descriptor, 2, 40},
    [OTLP_COMMON_KEY_VALUE] = {"opentelemetry.proto.common.v1.KeyValue", fields_of_OTLP_COMMON_KEY_VALUE, &opentelemetry__proto__common__v1__key_value__descriptor, 4, 56},
    [OTLP_COMMON_INSTRUMENTATION_SCOPE] = {"opentelemetry.proto.common.v1.InstrumentationScope", fields_of_OTLP_COMMON_INSTRUMENTATION_SCOPE, &opentelemetry__proto__common__v1__instrumentation_scope__descriptor, 5, 80},
    [OTLP_COMMON_ENTITY_REF] = {"opentelemetry.proto.common.v1.EntityRef", fields_of_OTLP_COMMON_ENTITY_REF, &opentelemetry__proto__common__v1__entity_ref__descriptor, 5, 88},
    [OTLP_COMMON_RESOURCE] = {"opentelemetry.proto.resource.v1.Resource", fields_of_OTLP_COMMON_RESOURCE, &opentelemetry__proto__resource__v1__resource__descriptor, 4, 64},
    [OTLP_LOGS_LOGS_DATA] = {"opentelemetry.proto.logs.v1.LogsData", fields_of_OTLP_LOGS_LOGS_DATA, &opentelemetry__proto__logs__v1__logs_data__descriptor, 2, 40},
    [OTLP_LOGS_RESOURCE_LOGS] = {"opentelemetry.proto.logs.v1.ResourceLogs", fields_of_OTLP_LOGS_RESOURCE_LOGS, &opentelemetry__proto__logs__v1__resource_logs__descriptor, 4, 64},
    [OTLP_LOGS_SCOPE_LOGS] = {"opentelemetry.proto.logs.v1.ScopeLogs", fields_of_OTLP_LOGS_SCOPE_LOGS, &opentelemetry__proto__logs__v1__scope_logs__descriptor, 4, 64},
    [OTLP_LOGS_LOG_RECORD] = {"opentelemetry.proto.logs.v1.LogRecord", fields_of_OTLP_LOGS_LOG_RECORD, &opentelemetry__proto__logs__v1__log_record__descriptor, 13, 144},
    [OTLP_LOGS_EXPORT_REQUEST] = {"opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest", fields_of_OTLP_LOGS_EXPORT_REQUEST, &opentelemetry__proto__collector__logs__v1__export_logs_service_request__descriptor, 2, 40},
    [OTLP_LOGS_EXPORT_RESPONSE] = {"opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse", fields_of_OTLP_LOGS_EXPORT_RESPONSE, &opentelemetry__proto__collector__logs__v1__export_logs_service_response__descriptor, 2, 32},
    [OTLP_LOGS_EXPORT_PARTIAL_SUCCESS] = {"opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess", fields_of_OTLP_LOGS_EXPORT_PARTIAL_SUCCESS, &opentelemetry__proto__collector__logs__v1__export_logs_partial_success__descriptor, 3, 48},
    [OTLP_METRICS_METRICS_DATA] = {"opentelemetry.proto.metrics.v1.MetricsData", fields_of_OTLP_METRICS_METRICS_DATA, &opentelemetry__proto__metrics__v1__metrics_data__descriptor, 2, 40},
    [OTLP_METRICS_RESOURCE_METRICS] = {"opentelemetry.proto.metrics.v1.ResourceMetrics", fields_of_OTLP_METRICS_RESOURCE_METRICS, &opentelemetry__proto__metrics__v1__resource_metrics__descriptor, 4, 64},
    [OTLP_METRICS_SCOPE_METRICS] = {"opentelemetry.proto.metrics.v1.ScopeMetrics", fields_of_OTLP_METRICS_SCOPE_METRICS, &opentelemetry__proto__metrics__v1__scope_metrics__descriptor, 4, 64},
    [OTLP_METRICS_METRIC] = {"opentelemetry.proto.metrics.v1.Metric", fields_of_OTLP_METRICS_METRIC, &opentelemetry__proto__metrics__v1__metric__descriptor, 13, 104},
    [OTLP_METRICS_GAUGE] = {"opentelemetry.proto.metrics.v1.Gauge", fields_of_OTLP_METRICS_GAUGE, &opentelemetry__proto__metrics__v1__gauge__descriptor, 2, 40},
    [OTLP_METRICS_SUM] = {"opentelemetry.proto.metrics.v1.Sum", fields_of_OTLP_METRICS_SUM, &opentelemetry__proto__metrics__v1__sum__descriptor, 4, 48},
    [OTLP_METRICS_HISTOGRAM] = {"opentelemetry.proto.metrics.v1.Histogram", fields_of_OTLP_METRICS_HISTOGRAM, &opentelemetry__proto__metrics__v1__histogram__descriptor, 3, 48},
    [OTLP_METRICS_EXPONENTIAL_HISTOGRAM] = {"opentelemetry.proto.metrics.v1.ExponentialHistogram", fields_of_OTLP_METRICS_EXPONENTIAL_HISTOGRAM, &opentelemetry__proto__metrics__v1__exponential_histogram__descriptor, 3, 48},
    [OTLP_METRICS_SUMMARY] = {"opentelemetry.proto.metrics.v1.Summary", fields_of_OTLP_METRICS_SUMMARY, &opentelemetry__proto__metrics__v1__summary__descriptor, 2, 40},
    [OTLP_METRICS_NUMBER_DATA_POINT] = {"opentelemetry.proto.metrics.v1.NumberDataPoint", fields_of_OTLP_METRICS_NUMBER_DATA_POINT, &opentelemetry__proto__metrics__v1__number_data_point__descriptor, 9, 88},
    [OTLP_METRICS_HISTOGRAM_DATA_POINT] = {"opentelemetry.proto.metrics.v1.HistogramDataPoint", fields_of_OTLP_METRICS_HISTOGRAM_DATA_POINT, &opentelemetry__proto__metrics__v1__histogram_data_point__descriptor, 13, 160},
    [OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT] = {"opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint", fields_of_OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT, &opentelemetry__proto__metrics__v1__exponential_histogram_data_point__descriptor, 15, 176},
    [OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT_BUCKETS] = {"opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets", fields_of_OTLP_METRICS_EXPONENTIAL_HISTOGRAM_DATA_POINT_BUCKETS, &opentelemetry__proto__metrics__v1__exponential_histogram_data_point__buckets__descriptor, 3, 48},
    [OTLP_METRICS_SUMMARY_DATA_POINT] = {"opentelemetry.proto.metrics.v1.SummaryDataPoint", fields_of_OTLP_METRICS_SUMMARY_DATA_POINT, &opentelemetry__proto__metrics__v1__summary_data_point__descriptor, 9, 96},
    [OTLP_METRICS_SUMMARY_DATA_POINT_VALUE_AT_QUANTILE] = {"opentelemetry.proto.metrics.v1.SummaryDataPoint.ValueAtQuantile", fields_of_OTLP_METRICS_SUMMARY_DATA_POINT_VALUE_AT_QUANTILE, &opentelemetry__proto__metrics__v1__summary_data_point__value_at_quantile__descriptor, 3, 40},
    [OTLP_METRICS_EXEMPLAR] = {"opentelemetry.proto.metrics.v1.Exemplar", fields_of_OTLP_METRICS_EXEMPLAR, &opentelemetry__proto__metrics__v1__exemplar__descriptor, 8, 96},
    [OTLP_METRICS_EXPORT_REQUEST] = {"opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest", fields_of_OTLP_METRICS_EXPORT_REQUEST, &opentelemetry__proto__collector__metrics__v1__export_metrics_service_request__descriptor, 2, 40},
    [OTLP_METRICS_EXPORT_RESPONSE] = {"opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse", fields_of_OTLP_METRICS_EXPORT_RESPONSE, &opentelemetry__proto__collector__metrics__v1__export_metrics_service_response__descriptor, 2, 32},
    [OTLP_METRICS_EXPORT_PARTIAL_SUCCESS] = {"opentelemetry.proto.collector.metrics.v1.ExportMetricsPartialSuccess", fields_of_OTLP_METRICS_EXPORT_PARTIAL_SUCCESS, &opentelemetry__proto__collector__metrics__v1__export_metrics_partial_success__descriptor, 3, 48},
    [OTLP_PROFILES_PROFILES_DICTIONARY] = {"opentelemetry.proto.profiles.v1development.ProfilesDictionary", fields_of_OTLP_PROFILES_PROFILES_DICTIONARY, &opentelemetry__proto__profiles__v1development__profiles_dictionary__descriptor, 8, 136},
    [OTLP_PROFILES_PROFILES_DATA] = {"opentelemetry.proto.profiles.v1development.ProfilesData", fields_of_OTLP_PROFILES_PROFILES_DATA, &opentelemetry__proto__profiles__v1development__profiles_data__descriptor, 3, 48},
    [OTLP_PROFILES_RESOURCE_PROFILES] = {"opentelemetry.proto.profiles.v1development.ResourceProfiles", fields_of_OTLP_PROFILES_RESOURCE_PROFILES, &opentelemetry__proto__profiles__v1development__resource_profiles__descriptor, 4, 64},
    [OTLP_PROFILES_SCOPE_PROFILES] = {"opentelemetry.proto.profiles.v1development.ScopeProfiles", fields_of_OTLP_PROFILES_SCOPE_PROFILES, &opentelemetry__proto__profiles__v1development__scope_profiles__descriptor, 4, 64},
    [OTLP_PROFILES_PROFILE] = {"opentelemetry.proto.profiles.v1development.Profile", fields_of_OTLP_PROFILES_PROFILE, &opentelemetry__proto__profiles__v1development__profile__descriptor, 12, 152},
    [OTLP_PROFILES_LINK] = {"opentelemetry.proto.profiles.v1development.Link", fields_of_OTLP_PROFILES_LINK, &opentelemetry__proto__profiles__v1development__link__descriptor, 3, 56},
    [OTLP_PROFILES_VALUE_TYPE] = {"opentelemetry.proto.profiles.v1development.ValueType", fields_of_OTLP_PROFILES_VALUE_TYPE, &opentelemetry__proto__profiles__v1development__value_type__descriptor, 3, 32},
    [OTLP_PROFILES_SAMPLE] = {"opentelemetry.proto.profiles.v1development.Sample", fields_of_OTLP_PROFILES_SAMPLE, &opentelemetry__proto__profiles__v1development__sample__descriptor, 6, 88},
    [OTLP_PROFILES_MAPPING] = {"opentelemetry.proto.profiles.v1development.Mapping", fields_of_OTLP_PROFILES_MAPPING, &opentelemetry__proto__profiles__v1development__mapping__descriptor, 6, 72},
    [OTLP_PROFILES_STACK] = {"opentelemetry.proto.profiles.v1development.Stack", fields_of_OTLP_PROFILES_STACK, &opentelemetry__proto__profiles__v1development__stack__descriptor, 2, 40},
    [OTLP_PROFILES_LOCATION] = {"opentelemetry.proto.profiles.v1development.Location", fields_of_OTLP_PROFILES_LOCATION, &opentelemetry__proto__profiles__v1development__location__descriptor, 5, 72},
    [OTLP_PROFILES_LINE] = {"opentelemetry.proto.profiles.v1development.Line", fields_of_OTLP_PROFILES_LINE, &opentelemetry__proto__profiles__v1development__line__descriptor, 4, 48},
    [OTLP_PROFILES_FUNCTION] = {"opentelemetry.proto.profiles.v1development.Function", fields_of_OTLP_PROFILES_FUNCTION, &opentelemetry__proto__profiles__v1development__function__descriptor, 5, 48},
    [OTLP_PROFILES_KEY_VALUE_AND_UNIT] = {"opentelemetry.proto.profiles.v1development.KeyValueAndUnit", fields_of_OTLP_PROFILES_KEY_VALUE_AND_UNIT, &opentelemetry__proto__profiles__v1development__key_value_and_unit__descriptor, 4, 48},
    [OTLP_PROFILES_EXPORT_REQUEST] = {"opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest", fields_of_OTLP_PROFILES_EXPORT_REQUEST, &opentelemetry__proto__collector__profiles__v1development__export_profiles_service_request__descriptor, 3, 48},
    [OTLP_PROFILES_EXPORT_RESPONSE] = {"opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceResponse", fields_of_OTLP_PROFILES_EXPORT_RESPONSE, &opentelemetry__proto__collector__profiles__v1development__export_profiles_service_response__descriptor, 2, 32},
    [OTLP_PROFILES_EXPORT_PARTIAL_SUCCESS] = {"opentelemetry.proto.collector.profiles.v1development.ExportProfilesPartialSuccess", fields_of_OTLP_PROFILES_EXPORT_PARTIAL_SUCCESS, &opentelemetry__proto__collector__profiles__v1development__export_profiles_partial_success__descriptor, 3, 48},
    [OTLP_TRACES_TRACES_DATA] = {"opentelemetry.proto.trace.v1.TracesData", fields_of_OTLP_TRACES_TRACES_DATA, &opentelemetry__proto__trace__v1__traces_data__descriptor, 2, 40},
    [OTLP_TRACES_RESOURCE_SPANS] = {"opentelemetry.proto.trace.v1.ResourceSpans", fields_of_OTLP_TRACES_RESOURCE_SPANS, &opentelemetry__proto__trace__v1__resource_spans__descriptor, 4, 64},
    [OTLP_TRACES_SCOPE_SPANS] = {"opentelemetry.proto.trace.v1.ScopeSpans", fields_of_OTLP_TRACES_SCOPE_SPANS, &opentelemetry__proto__trace__v1__scope_spans__descriptor, 4, 64},
    [OTLP_TRACES_SPAN] = {"opentelemetry.proto.trace.v1.Span", fields_of_OTLP_TRACES_SPAN, &opentelemetry__proto__trace__v1__span__descriptor, 17, 216},
    [OTLP_TRACES_SPAN_EVENT] = {"opentelemetry.proto.trace.v1.Span.Event", fields_of_OTLP_TRACES_SPAN_EVENT, &opentelemetry__proto__trace__v1__span__event__descriptor, 5, 72},
    [OTLP_TRACES_SPAN_LINK] = {"opentelemetry.proto.trace.v1.Span.Link", fields_of_OTLP_TRACES_SPAN_LINK, &opentelemetry__proto__trace__v1__span__link__descriptor, 7, 96},
    [OTLP_TRACES_STATUS] = {"opentelemetry.proto.trace.v1.Status", fields_of_OTLP_TRACES_STATUS, &opentelemetry__proto__trace__v1__status__descriptor, 4, 48},
    [OTLP_TRACES_EXPORT_REQUEST] = {"opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest", fields_of_OTLP_TRACES_EXPORT_REQUEST, &opentelemetry__proto__collector__trace__v1__export_trace_service_request__descriptor, 2, 40},
    [OTLP_TRACES_EXPORT_RESPONSE] = {"opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse", fields_of_OTLP_TRACES_EXPORT_RESPONSE, &opentelemetry__proto__collector__trace__v1__export_trace_service_response__descriptor, 2, 32},
    [OTLP_TRACES_EXPORT_PARTIAL_SUCCESS] = {"opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess", fields_of_OTLP_TRACES_EXPORT_PARTIAL_SUCCESS, &opentelemetry__proto__collector__trace__v1__export_trace_partial_success__descriptor, 3, 48},
};
