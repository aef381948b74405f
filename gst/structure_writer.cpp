// SPDX-License-Identifier: LGPL-2.1-or-later
// Writes what the reader reads.
#include <gst/gst.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "structure_text.h"

namespace modelverse {

namespace {

std::string number_text(double number) {
  std::array<char, G_ASCII_DTOSTR_BUF_SIZE> buffer;
  return g_ascii_dtostr(buffer.data(), buffer.size(), number);
}

std::string quoted(const std::string& text) {
  if (!text.empty() && text != "NULL" && std::ranges::all_of(text, is_plain_in_structure))
    return text;
  std::string out = "\"";
  for (const char letter : text) {
    if (!is_plain_in_structure(letter))
      out += '\\';
    const auto byte = static_cast<unsigned char>(letter);
    if (byte >= 0x20 && byte < 0x7f)
      out += letter;
    else
      for (const int shift : {6, 3, 0})
        out += static_cast<char>('0' + ((byte >> shift) & 7));
  }
  return out + '"';
}

std::string structure_text(const Object& object, const char* name);
std::string value_text(const Value& value);

struct Writer {
  std::string operator()(std::nullptr_t) const { return "(string)NULL"; }
  std::string operator()(bool value) const { return value ? "(boolean)true" : "(boolean)false"; }
  std::string operator()(std::int64_t value) const {
    const bool is_int = value >= G_MININT && value <= G_MAXINT;
    return (is_int ? "(int)" : "(gint64)") + std::to_string(value);
  }
  std::string operator()(double value) const { return "(double)" + number_text(value); }
  std::string operator()(const std::string& value) const { return "(string)" + quoted(value); }
  std::string operator()(const Array& array) const {
    std::string items;
    for (const auto& item : array) {
      if (!std::holds_alternative<Foreign>(item.data))
        items += (items.empty() ? "" : ",") + value_text(item);
    }
    return "<" + items + ">";
  }
  std::string operator()(const Object& object) const {
    return "[" + structure_text(object, "object") + "]";
  }
  std::string operator()(const Foreign&) const { return {}; }  // left out by who calls
};

std::string value_text(const Value& value) {
  return std::visit(Writer{}, value.data);
}

std::string structure_text(const Object& object, const char* name) {
  std::string text = name;
  for (const auto& [field, value] : object) {
    if (!std::holds_alternative<Foreign>(value.data))
      text += "," + quoted(field) + "=" + value_text(value);
  }
  return text;
}

}  // namespace

std::string text_from_object(const Object& object) {
  return object.empty() ? std::string() : structure_text(object, "extra");
}

}  // namespace modelverse
