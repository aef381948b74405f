// SPDX-License-Identifier: LGPL-2.1-or-later
// Reading the fields of a rule.
#include "emulator/script_fields.h"

#include <algorithm>
#include <iterator>

namespace emulator {
namespace {

// Each reads one JSON type into one member type; answers false where the JSON has another.
bool read(JsonNode* node, std::int64_t& value) {
  if (!is_integer(node))
    return false;
  value = json_node_get_int(node);
  return true;
}
bool read(JsonNode* node, int& value) {
  std::int64_t wide = 0;
  if (!read(node, wide) || wide < G_MININT || wide > G_MAXINT)
    return false;
  value = static_cast<int>(wide);
  return true;
}
bool read(JsonNode* node, std::uint64_t& value) {
  std::int64_t wide = 0;
  if (!read(node, wide) || wide < 0)
    return false;
  value = static_cast<std::uint64_t>(wide);
  return true;
}
bool read(JsonNode* node, double& value) {
  if (!JSON_NODE_HOLDS_VALUE(node))
    return false;
  if (!is_integer(node) && json_node_get_value_type(node) != G_TYPE_DOUBLE)
    return false;
  value = json_node_get_double(node);
  return value >= 0;
}
bool read(JsonNode* node, bool& value) {
  if (!JSON_NODE_HOLDS_VALUE(node) || json_node_get_value_type(node) != G_TYPE_BOOLEAN)
    return false;
  value = json_node_get_boolean(node);
  return true;
}
bool read(JsonNode* node, std::string& value) {
  if (!is_text(node))
    return false;
  value = json_node_get_string(node);
  return true;
}
bool read(JsonNode* node, Texts& value) {
  if (!JSON_NODE_HOLDS_ARRAY(node))
    return false;
  JsonArray* array = json_node_get_array(node);
  for (guint i = 0; i < json_array_get_length(array); ++i) {
    if (!read(json_array_get_element(array, i), value.emplace_back()))
      return false;
  }
  return true;
}
bool read(JsonNode* node, TextPairs& value) {
  if (!JSON_NODE_HOLDS_OBJECT(node))
    return false;
  JsonObject* object = json_node_get_object(node);
  for (const std::string& name : member_names(object)) {
    auto& pair = value.emplace_back(name, "");
    if (!read(json_object_get_member(object, name.c_str()), pair.second))
      return false;
  }
  return true;
}
template <typename T>
bool read(JsonNode* node, std::optional<T>& value) {
  return read(node, value.emplace());
}

using Member = std::variant<bool Rule::*, double Rule::*, std::uint64_t Rule::*, Count Rule::*,
                            std::optional<int> Rule::*, std::optional<std::int64_t> Rule::*,
                            std::optional<std::string> Rule::*, std::optional<Texts> Rule::*,
                            std::optional<TextPairs> Rule::*>;
// In the order of Member.
constexpr const char* type_names[] = {"true",  "seconds or rate", "count",
                                      "count", "integer",         "integer",
                                      "text",  "array of texts",  "object of texts"};
static_assert(std::size(type_names) == std::variant_size_v<Member>);

struct Field {
  const char* name;
  Member member;
  const char* help;
};

const Field fields[] = {
    {"skip", &Rule::skip, "let so many requests that reach this rule pass on first (0)"},
    {"times", &Rule::times, "apply it so often (1); 0: for ever"},
    {"status", &Rule::status, "the answer's HTTP status, with an error body that suits it"},
    {"headers", &Rule::headers, "set in the answer"},
    {"body", &Rule::body, "the answer's body; on result the file's content"},
    {"body_size", &Rule::body_size,
     "a body of so many bytes of filler; on result MP4 boxes, as --moov says"},
    {"error_code", &Rule::error_code, "code in the error body"},
    {"error_message", &Rule::error_message, "text in the error body, or of a failed task"},
    {"redirect", &Rule::redirect, "Location, with `status` or 302"},
    {"accept", &Rule::accept, "the request has its effect though the answer is replaced"},
    {"delay", &Rule::delay, "before the answer, after the request had its effect"},
    {"header_delay", &Rule::header_delay, "between two bytes of the answer's head"},
    {"bytes_per_second", &Rule::bytes_per_second, "rate of the body"},
    {"reset", &Rule::reset, "TCP reset instead of an answer"},
    {"close", &Rule::close, "clean close instead of an answer"},
    {"answer_lost", &Rule::answer_lost, "accept the request, then reset"},
    {"reset_after", &Rule::reset_after, "TCP reset after so many bytes of the body"},
    {"close_after", &Rule::close_after, "clean close after so many bytes of the body"},
    {"stall_after", &Rule::stall_after, "silence after so many bytes, until the peer leaves"},
    {"no_range", &Rule::no_range, "answer a Range with 200 and the whole"},
    {"no_length", &Rule::no_length, "chunked, no Content-Length"},
    {"no_content_range", &Rule::no_content_range, "answer a Range with 206, the whole, no header"},
    {"wrong_start", &Rule::wrong_start, "answer a Range with 206 from this byte on"},
    {"wrong_length", &Rule::wrong_length, "promise so many bytes more, or less where negative"},
    {"etag", &Rule::etag, "another ETag, with its quotes; If-Range is compared with it"},
    {"expire_link", &Rule::expire_link, "403, and the links given out so far are dead"},
    {"task_id", &Rule::task_id, "the task that a submit makes gets this id"},
    {"task_status", &Rule::task_status, "task_status of an otherwise good answer"},
    {"urls", &Rule::urls, "urls of an otherwise good answer"},
    {"omit", &Rule::omit, "members left out of the JSON answer, at its root or in output"},
};

}  // namespace

std::string set_field(Rule& rule, const std::string& name, JsonNode* value) {
  const auto field =
      std::ranges::find_if(fields, [&name](const Field& row) { return name == row.name; });
  if (field == std::end(fields))
    return "unknown field";
  const bool is_read =
      std::visit([&](auto member) { return read(value, rule.*member); }, field->member);
  return is_read ? "" : std::string("must be: ") + type_names[field->member.index()];
}

std::vector<FieldHelp> field_help() {
  std::vector<FieldHelp> help;
  for (const Field& field : fields)
    help.push_back({field.name, type_names[field.member.index()], field.help});
  return help;
}

}  // namespace emulator
