// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json.h"

#include <glib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>

#include "glib/text.h"

namespace modelverse::api {
namespace {

// A function for each kind of value, to the depth of the limits. After a problem, what they return
// is not used.
class Parser {
 public:
  Parser(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  JsonDocument run() && {
    skip_space();
    if (is_at_end())
      refuse(N_("not JSON: it is empty"));
    else if (next() != '{')
      refuse(next() == '<' ? N_("not JSON but markup") : N_("not a JSON object"));
    else
      document_.root = object();
    skip_space();
    if (!is_at_end())
      refuse(N_("not JSON: text after its end"));
    if (document_.problem)
      document_.root.clear();
    return std::move(document_);
  }

 private:
  Value value();
  Value word(std::string_view name, Value meaning);
  Value number();
  Array array();
  Object object();
  template <typename Read>
  void items(char close, const Read& read);
  void member(Object& members, std::set<std::string>& names);
  std::string string();
  void escape(std::string& text);
  std::optional<gunichar> utf16_unit();

  bool is_at_end() const { return pos_ == text_.size(); }
  // NUL at the end: the text has none.
  char next() const { return is_at_end() ? '\0' : text_[pos_]; }
  void skip_space() { pos_ = std::min(text_.find_first_not_of(" \t\r\n", pos_), text_.size()); }
  bool accept(char wanted) {
    skip_space();
    const bool is_there = next() == wanted;
    pos_ += is_there ? 1 : 0;
    return is_there;
  }
  std::size_t line() {
    line_ += static_cast<std::size_t>(std::count(text_.begin() + std::ptrdiff_t(counted_),
                                                 text_.begin() + std::ptrdiff_t(pos_), '\n'));
    counted_ = pos_;
    return line_;
  }
  // The first problem is kept.
  void refuse(const char* problem) {
    if (document_.problem)
      return;
    document_.problem = problem;
    document_.line = line();
    document_.column = pos_ - (text_.substr(0, pos_).rfind('\n') + 1) + 1;
  }
  void refuse_next() {
    refuse(is_at_end() ? N_("not JSON: it ends too early")
                       : N_("not JSON: an unexpected character"));
  }

  std::string_view text_;
  JsonLimits limits_;
  std::size_t pos_ = 0;
  int depth_ = 0;
  std::size_t values_ = 0;
  std::size_t counted_ = 0;  // the position up to which lines are counted
  std::size_t line_ = 1;     // there
  JsonDocument document_;
};

Value Parser::value() {
  skip_space();
  if (++values_ > limits_.max_values)
    refuse(N_("too many values"));
  if (document_.problem)
    return {};
  switch (next()) {
    case '{':
      return {object()};
    case '[':
      return {array()};
    case '"':
      return {string()};
    case 't':
      return word("true", {true});
    case 'f':
      return word("false", {false});
    case 'n':
      return word("null", {nullptr});
    default:
      return number();
  }
}

Value Parser::word(std::string_view name, Value meaning) {
  if (!text_.substr(pos_).starts_with(name))
    refuse_next();
  pos_ = std::min(pos_ + name.size(), text_.size());
  return meaning;
}

Value Parser::number() {
  const auto end = std::min(text_.find_first_not_of("+-.eE0123456789", pos_), text_.size());
  const std::string token(text_.substr(pos_, end - pos_));
  const char* const digits = token.c_str() + (token.starts_with('-') ? 1 : 0);
  if (!g_ascii_isdigit(digits[0]))
    return refuse_next(), Value{};
  if (digits[0] == '0' && g_ascii_isdigit(digits[1]))
    return refuse(N_("not JSON: a number with a leading zero")), Value{};
  // g_ascii_strtod() reads "1." as well.
  const auto point = token.find('.');
  if (point != std::string::npos && !g_ascii_isdigit(token[point + 1]))
    return refuse_next(), Value{};
  pos_ = end;
  std::int64_t whole = 0;
  const char* const token_end = token.c_str() + token.size();
  const auto read = std::from_chars(token.c_str(), token_end, whole);
  if (read.ptr == token_end && read.ec == std::errc())
    return {whole};
  document_.has_wide_integer |= read.ptr == token_end;
  char* number_end = nullptr;
  const double number = g_ascii_strtod(token.c_str(), &number_end);
  if (number_end != token_end)
    refuse_next();
  return {number};
}

// Reads "[ITEM, ITEM]" or "{ITEM, ITEM}".
template <typename Read>
void Parser::items(char close, const Read& read) {
  if (++depth_ > limits_.max_depth)
    return refuse(N_("nested too deep"));
  ++pos_;
  bool has_more = !accept(close);
  while (has_more && !document_.problem) {
    read();
    has_more = accept(',');
    if (!has_more && !accept(close))
      refuse_next();
  }
  --depth_;
}

Array Parser::array() {
  Array values;
  items(']', [&] { values.push_back(value()); });
  return values;
}

Object Parser::object() {
  Object members;
  std::vector<std::size_t> lines;
  std::set<std::string> names;
  items('}', [&] {
    skip_space();
    lines.push_back(line());
    member(members, names);
    lines.resize(members.size());
  });
  // Moving a vector keeps the addresses of its items.
  for (std::size_t i = 0; i < members.size(); ++i)
    document_.lines[&members[i]] = lines[i];
  return members;
}

void Parser::member(Object& members, std::set<std::string>& names) {
  if (next() != '"')
    return refuse_next();
  const auto at = line();
  auto name = string();
  if (!accept(':'))
    return refuse_next();
  auto read = value();
  if (names.insert(name).second)
    return members.push_back({std::move(name), std::move(read)});
  std::ranges::find(members, name, &Member::name)->value = std::move(read);
  document_.repeated.push_back({std::move(name), at});
}

std::string Parser::string() {
  std::string text;
  ++pos_;
  while (!document_.problem && next() != '"') {
    const auto end = std::min(text_.find_first_of("\"\\", pos_), text_.size());
    text.append(text_, pos_, end - pos_);
    pos_ = end;
    if (next() == '\\')
      escape(text);
    else if (is_at_end())
      refuse_next();
  }
  pos_ += document_.problem ? 0 : 1;
  return text;
}

void Parser::escape(std::string& text) {
  constexpr std::string_view letters = "\"\\/bfnrt";
  constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
  ++pos_;
  if (next() != 'u') {
    const auto index = is_at_end() ? std::string_view::npos : letters.find(next());
    if (index == std::string_view::npos)
      return refuse(N_("not JSON: a bad escape in a string"));
    text += meanings[index];
    ++pos_;
    return;
  }
  const auto unit = utf16_unit();
  if (!unit)
    return refuse(N_("not JSON: a bad escape in a string"));
  if (*unit == 0)
    return refuse(N_("a NUL in a string"));
  auto character = *unit;
  if (character >= 0xd800 && character <= 0xdfff) {
    const bool is_high = character < 0xdc00 && next() == '\\';
    pos_ += is_high ? 1 : 0;
    const auto low = is_high ? utf16_unit() : std::nullopt;
    if (!low || *low < 0xdc00 || *low > 0xdfff)
      return refuse(N_("half a surrogate pair in a string"));
    character = 0x10000 + ((character - 0xd800) << 10) + (*low - 0xdc00);
  }
  char bytes[6];
  text.append(bytes, static_cast<std::size_t>(g_unichar_to_utf8(character, bytes)));
}

// "u00e9"
std::optional<gunichar> Parser::utf16_unit() {
  const auto written = text_.substr(pos_, 5);
  gunichar unit = 0;
  const char* const end = written.data() + written.size();
  if (written.size() < 5 || written.front() != 'u' ||
      std::from_chars(written.data() + 1, end, unit, 16).ptr != end)
    return {};
  pos_ += written.size();
  return unit;
}

JsonDocument refused(const char* problem) {
  JsonDocument document;
  document.problem = problem;
  return document;
}

template <typename T>
std::optional<T> value_if(const Value& value) {
  const auto* held = std::get_if<T>(&value.data);
  return held ? std::optional(*held) : std::nullopt;
}

template <typename T>
std::optional<T> read_member(const Object* object, std::string_view name,
                             std::optional<T> (*read)(const Value&)) {
  const auto* value = find_member(object, name);
  return value ? read(*value) : std::nullopt;
}

}  // namespace

JsonDocument read_json(std::string_view text, JsonLimits limits) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text.starts_with(byte_order_mark))
    text.remove_prefix(byte_order_mark.size());
  if (text.size() > limits.max_bytes)
    return refused(N_("too large"));
  if (text.find('\0') != std::string_view::npos)
    return refused(N_("not JSON: it contains a NUL byte"));
  if (!g_utf8_validate_len(text.data(), text.size(), nullptr))
    return refused(N_("not JSON: it is not UTF-8"));
  return Parser(text, limits).run();
}

std::optional<std::string> string_of(const Value& value) {
  return value_if<std::string>(value);
}

std::optional<std::int64_t> integer_of(const Value& value) {
  return value_if<std::int64_t>(value);
}

std::optional<double> number_of(const Value& value) {
  if (const auto whole = integer_of(value))
    return static_cast<double>(*whole);
  const auto number = value_if<double>(value);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<bool> boolean_of(const Value& value) {
  return value_if<bool>(value);
}

const Value* find_member(const Object* object, std::string_view name) {
  if (!object)
    return nullptr;
  const auto found = std::ranges::find(*object, name, &Member::name);
  const bool is_there =
      found != object->end() && !std::holds_alternative<std::nullptr_t>(found->value.data);
  return is_there ? &found->value : nullptr;
}

const Object* find_object(const Object* object, std::string_view name) {
  const auto* value = find_member(object, name);
  return value ? std::get_if<Object>(&value->data) : nullptr;
}

std::optional<std::string> find_string(const Object* object, std::string_view name) {
  return read_member(object, name, string_of);
}

std::optional<std::int64_t> find_integer(const Object* object, std::string_view name) {
  return read_member(object, name, integer_of);
}

std::optional<double> find_number(const Object* object, std::string_view name) {
  return read_member(object, name, number_of);
}

}  // namespace modelverse::api
