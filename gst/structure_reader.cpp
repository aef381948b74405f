// SPDX-License-Identifier: LGPL-2.1-or-later
// A reader that goes forward only.
#include "structure_text.h"

#include <gst/gst.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "structures.h"

namespace modelverse {

bool is_plain_in_structure(char letter) {
  return g_ascii_isalnum(letter) || std::string_view("_-+/:.").find(letter) != std::string::npos;
}

namespace {

// Far more than a request needs; a bound for the stack.
constexpr int max_depth = 32;

bool is_structure_name(std::string_view name) {
  return !name.empty() && g_ascii_isalpha(name[0]) &&
         std::ranges::all_of(name, is_plain_in_structure);
}

// The types that JSON has, by the names that GStreamer gives them.
struct NamedType {
  std::string_view name;
  GType type;
};
constexpr std::array named_types = std::to_array<NamedType>({
    {"int", G_TYPE_INT},           {"i", G_TYPE_INT},           {"gint", G_TYPE_INT},
    {"uint", G_TYPE_UINT},         {"u", G_TYPE_UINT},          {"guint", G_TYPE_UINT},
    {"gint64", G_TYPE_INT64},      {"guint64", G_TYPE_UINT64},  {"float", G_TYPE_FLOAT},
    {"f", G_TYPE_FLOAT},           {"gfloat", G_TYPE_FLOAT},    {"double", G_TYPE_DOUBLE},
    {"d", G_TYPE_DOUBLE},          {"gdouble", G_TYPE_DOUBLE},  {"boolean", G_TYPE_BOOLEAN},
    {"bool", G_TYPE_BOOLEAN},      {"b", G_TYPE_BOOLEAN},       {"gboolean", G_TYPE_BOOLEAN},
    {"string", G_TYPE_STRING},     {"str", G_TYPE_STRING},      {"s", G_TYPE_STRING},
    {"gchararray", G_TYPE_STRING}, {"structure", G_TYPE_BOXED}, {"GstStructure", G_TYPE_BOXED},
});
constexpr GType a_structure = G_TYPE_BOXED;
constexpr GType to_be_guessed = G_TYPE_NONE;

std::optional<Value> scalar(GType type, const std::string& text) {
  GValue read = G_VALUE_INIT;
  g_value_init(&read, type);
  std::optional<Value> value;
  if (gst_value_deserialize(&read, text.c_str()))
    value = value_from_gvalue(&read);
  g_value_unset(&read);
  if (value && std::holds_alternative<Foreign>(value->data))
    return std::nullopt;
  return value;
}

// 16:9 and 16/9: what GStreamer would take for flags or for a fraction must have its type in front.
bool is_pair(std::string_view text) {
  const auto middle = text.find_first_of(":/");
  return middle != std::string_view::npos && middle > 0 && middle + 1 < text.size() &&
         text.find_first_not_of("0123456789abcdefABCDEF:/") == std::string_view::npos;
}

std::optional<Value> guessed(const std::string& text) {
  if (is_pair(text))
    return std::nullopt;
  for (const GType type : {G_TYPE_INT, G_TYPE_DOUBLE, G_TYPE_BOOLEAN}) {
    if (auto value = scalar(type, text))
      return value;
  }
  return Value{text};
}

class Reader {
 public:
  Reader(std::string_view text, int depth) : text_(text), depth_(depth) {}

  // To the end of the text, which may stand in quotes as a whole.
  std::optional<Object> whole() {
    skip_spaces();
    if (here() == '"') {
      const auto inner = quoted();
      return inner && is_at_end() && depth_ < max_depth ? Reader(inner->text, depth_ + 1).whole()
                                                        : std::nullopt;
    }
    auto object = structure();
    take(';');
    return is_at_end() ? std::move(object) : std::nullopt;
  }

 private:
  struct Token {
    std::string text;
    bool is_quoted = false;
  };

  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_spaces() {
    while (g_ascii_isspace(here()))
      ++at_;
  }
  bool is_at_end() {
    skip_spaces();
    return at_ == text_.size();
  }
  bool take(char wanted) {
    skip_spaces();
    const bool is_here = at_ < text_.size() && here() == wanted;
    at_ += is_here;
    return is_here;
  }

  std::optional<Token> token() {
    skip_spaces();
    if (here() == '"')
      return quoted();
    const auto start = at_;
    while (is_plain_in_structure(here()))
      ++at_;
    if (at_ == start)
      return std::nullopt;
    return Token{std::string(text_.substr(start, at_ - start))};
  }

  // "\" stands before what is meant as it is, or before three octal digits.
  std::optional<Token> quoted() {
    Token token{{}, true};
    for (++at_; here() != '"'; ++at_) {
      if (here() == '\\') {
        ++at_;
        if (const auto byte = octal()) {
          token.text += *byte;
          continue;
        }
      }
      if (!here())
        return std::nullopt;
      token.text += here();
    }
    ++at_;
    const bool is_text = g_utf8_validate(token.text.c_str(), -1, nullptr) &&
                         token.text.find('\0') == std::string::npos;
    return is_text ? std::optional(std::move(token)) : std::nullopt;
  }

  // Leaves the last digit for the loop to step over.
  std::optional<char> octal() {
    unsigned byte = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const char digit = at_ + i < text_.size() ? text_[at_ + i] : '\0';
      if (digit < '0' || digit > (i == 0 ? '3' : '7'))
        return std::nullopt;
      byte = 8 * byte + static_cast<unsigned>(digit - '0');
    }
    at_ += 2;
    return static_cast<char>(byte);
  }

  std::optional<Object> structure() {
    const auto name = token();
    if (!name || !is_structure_name(name->text) || depth_ > max_depth)
      return std::nullopt;
    Object object;
    while (take(',')) {
      if (is_at_end())
        break;
      auto field = token();
      if (!field || field->text.empty() || !take('='))
        return std::nullopt;
      auto given = value(to_be_guessed);
      if (!given)
        return std::nullopt;
      object.push_back({std::move(field->text), *std::move(given)});
    }
    return object;
  }

  std::optional<GType> type() {
    const auto name = token();
    const auto* found = std::ranges::find(named_types, name ? name->text : "", &NamedType::name);
    if (found == named_types.end() || !take(')'))
      return std::nullopt;
    return found->type;
  }

  // `type` is the list's, where it has one.
  std::optional<Value> value(GType inherited) {
    const auto chosen = take('(') ? type() : inherited;
    if (!chosen)
      return std::nullopt;
    if (take('<'))
      return list(*chosen, '>');
    if (take('{'))
      return list(*chosen, '}');
    if (*chosen == a_structure || *chosen == to_be_guessed) {
      if (take('['))
        return nested();
    }
    const auto given = token();
    if (!given)
      return std::nullopt;
    return typed(*chosen, *given);
  }

  std::optional<Value> typed(GType type, const Token& given) const {
    if (type == a_structure)
      return from_text(given);
    if (type == G_TYPE_STRING || type == to_be_guessed) {
      if (!given.is_quoted && given.text == "NULL")
        return Value{nullptr};
      return given.is_quoted || type == G_TYPE_STRING ? Value{given.text} : guessed(given.text);
    }
    return given.is_quoted ? std::nullopt : scalar(type, given.text);
  }

  // A structure that is a text within the text, as GStreamer writes it.
  std::optional<Value> from_text(const Token& given) const {
    auto object = Reader(given.text, depth_ + 1).whole();
    return object ? std::optional(Value{*std::move(object)}) : std::nullopt;
  }

  std::optional<Value> nested() {
    ++depth_;
    auto object = structure();
    --depth_;
    take(';');
    return object && take(']') ? std::optional(Value{*std::move(object)}) : std::nullopt;
  }

  std::optional<Value> list(GType type, char end) {
    if (++depth_ > max_depth)
      return std::nullopt;
    Array array;
    while (!take(end)) {
      if (!array.empty() && !take(','))
        return std::nullopt;
      auto item = value(type);
      if (!item)
        return std::nullopt;
      array.push_back(*std::move(item));
    }
    --depth_;
    return is_of_one_type(array) ? std::optional(Value{std::move(array)}) : std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_;
};

}  // namespace

std::optional<Object> object_from_text(std::string_view text) {
  Reader reader(text, 0);
  return reader.whole();
}

}  // namespace modelverse
