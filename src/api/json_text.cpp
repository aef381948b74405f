// SPDX-License-Identifier: LGPL-2.1-or-later
#include "api/json_text.h"

#include <glib.h>

#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>

#include "api/json.h"
#include "api/printable.h"
#include "glib/handles.h"

namespace modelverse::api {
namespace {

// Appends JSON text. Unlike JsonGenerator, it needs no second tree with copies of all texts, and
// writes a number with the fewest digits that read back as the same number.
class JsonWriter {
 public:
  explicit JsonWriter(JsonLayout layout, std::size_t expected_size = 0)
      : is_readable_(layout == JsonLayout::readable) {
    text_.reserve(expected_size);
  }

  void operator()(std::nullptr_t) { text_ += "null"; }
  void operator()(bool flag) { text_ += flag ? "true" : "false"; }
  void operator()(std::int64_t number) { text_ += std::to_string(number); }
  void operator()(double number) {
    if (!std::isfinite(number))
      return (*this)(nullptr);
    char digits[32];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    const std::string_view written(digits, static_cast<std::size_t>(end - digits));
    text_ += written;
    if (written.find_first_of(".e") == std::string_view::npos)
      text_ += ".0";
  }
  void operator()(const std::string& text) {
    text_ += '"';
    for (const char letter : text)
      append(letter);
    text_ += '"';
  }
  void operator()(const Base64& picture) {
    text_ += '"' + picture.prefix;
    append_base64(picture.bytes);
    text_ += '"';
  }
  void operator()(const Array& items) {
    begin('[');
    for (const auto& item : items) {
      begin_item();
      std::visit(*this, item.data);
    }
    end(']');
  }
  void operator()(const Object& object) {
    begin('{');
    for (const auto& [name, value] : object) {
      begin_item();
      (*this)(name);
      text_ += is_readable_ ? " : " : ":";
      std::visit(*this, value.data);
    }
    end('}');
  }
  void operator()(const Foreign&) { (*this)(nullptr); }  // refused earlier

  std::string take_text() { return std::move(text_); }

 private:
  void append(char letter) {
    constexpr std::string_view special = "\"\\\b\f\n\r\t";
    constexpr std::string_view escapes = "\"\\bfnrt";
    constexpr std::string_view digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(letter);
    if (const auto index = special.find(letter); index != std::string_view::npos)
      text_ += {'\\', escapes[index]};
    else if (code < ' ')
      text_ += {'\\', 'u', '0', '0', digits[code >> 4], digits[code & 0xf]};
    else
      text_ += letter;
  }

  // Into the text itself: g_base64_encode() would need as much memory again.
  void append_base64(std::string_view bytes) {
    constexpr std::size_t most_extra = 4;  // of the two calls
    const auto start = text_.size();
    text_.resize(start + base64_size(bytes.size()) + most_extra);
    gint state = 0;
    gint save = 0;
    auto size = g_base64_encode_step(reinterpret_cast<const guchar*>(bytes.data()), bytes.size(),
                                     FALSE, text_.data() + start, &state, &save);
    size += g_base64_encode_close(FALSE, text_.data() + start + size, &state, &save);
    text_.resize(start + size);
  }

  void begin(char bracket) {
    text_ += bracket;
    ++depth_;
    is_empty_ = true;
  }
  void begin_item() {
    if (!std::exchange(is_empty_, false))
      text_ += ',';
    break_line();
  }
  void end(char bracket) {
    --depth_;
    if (!std::exchange(is_empty_, false))
      break_line();
    text_ += bracket;
  }
  void break_line() {
    if (is_readable_)
      text_.append(1, '\n').append(2 * depth_, ' ');
  }

  bool is_readable_;
  std::size_t depth_ = 0;
  bool is_empty_ = true;  // the innermost object or array, so far
  std::string text_;
};

void append_escape(std::string& text, gunichar unit) {
  const CharPtr escape(g_strdup_printf("\\u%04x", unit));
  text += escape.get();
}

// JSON's escapes are UTF-16.
void append_escaped(std::string& text, gunichar character) {
  constexpr gunichar first_of_two_units = 0x10000;
  if (character < first_of_two_units)
    return append_escape(text, character);
  const gunichar rest = character - first_of_two_units;
  append_escape(text, 0xd800 + (rest >> 10));
  append_escape(text, 0xdc00 + (rest & 0x3ff));
}

}  // namespace

std::string write_json(const Object& object, JsonLayout layout, std::size_t expected_size) {
  JsonWriter writer(layout, expected_size);
  writer(object);
  return writer.take_text();
}

std::string write_json(const Array& items, JsonLayout layout) {
  JsonWriter writer(layout);
  writer(items);
  return writer.take_text();
}

std::string json_text(const Array& items) {
  // Escapes those below U+0020 in strings, but no others.
  const auto written = write_json(items, JsonLayout::readable);
  const CharPtr valid(g_utf8_make_valid(written.data(), static_cast<gssize>(written.size())));
  std::string text;
  for (const char* at = valid.get(); *at != '\0'; at = g_utf8_next_char(at)) {
    const std::string_view raw(at, static_cast<std::size_t>(g_utf8_next_char(at) - at));
    if (*at == '\n' || is_printable(raw))
      text += raw;
    else
      append_escaped(text, g_utf8_get_char(at));
  }
  return text + "\n";
}

std::optional<std::vector<std::string>> texts_from_json(std::string_view text) {
  constexpr JsonLimits limits = {.max_bytes = std::size_t{128} << 20, .max_depth = 4};
  // read_json() reads objects.
  const auto document = read_json("{\"texts\":" + std::string(text) + "}", limits);
  const auto* list = find_member(&document.root, "texts");
  const auto* items = list ? std::get_if<Array>(&list->data) : nullptr;
  // A text such as `["a"], "texts": ["b"]` is not one array.
  if (!items || document.root.size() != 1 || !document.repeated.empty())
    return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& item : *items) {
    auto one = string_of(item);
    if (!one)
      return std::nullopt;
    texts.push_back(*std::move(one));
  }
  return texts;
}

std::optional<Object> object_from_json(std::string_view text) {
  constexpr JsonLimits limits = {.max_bytes = std::size_t{64} << 10, .max_depth = 32};
  auto document = read_json(text, limits);
  if (document.problem || document.has_wide_integer)
    return std::nullopt;
  return std::move(document.root);
}

}  // namespace modelverse::api
