// SPDX-License-Identifier: LGPL-2.1-or-later
// The scanner: iterative; strict about strings and about the text between them.
#include "api/json_scan.h"

#include <glib.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "glib/text.h"

namespace modelverse::api {
namespace {

class Scanner {
 public:
  Scanner(std::string_view text, const ScanLimits& limits) : text_(text), limits_(limits) {}

  JsonScan run() {
    while (!scan_.problem && pos_ < text_.size())
      step();
    if (!scan_.problem && depth_ > 0)
      refuse(N_("not JSON: it ends too early"));
    if (!scan_.problem && !has_root_)
      refuse(N_("not JSON: it is empty"));
    return scan_;
  }

 private:
  void step();
  void open();
  void close();
  void separate();
  void string();
  void escape();
  void number();
  bool hex(std::uint32_t& unit);
  void refuse(const char* problem) {
    scan_.problem = problem;
    scan_.problem_position = pos_ > 0 ? pos_ - 1 : 0;
  }

  std::string_view text_;
  ScanLimits limits_;
  std::size_t pos_ = 0;
  int depth_ = 0;
  bool has_root_ = false;
  std::size_t values_ = 0;
  JsonScan scan_;
};

void Scanner::step() {
  const char c = text_[pos_++];
  if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
    return;
  if (depth_ == 0 && has_root_)
    return refuse(N_("not JSON: text after its end"));
  if (depth_ == 0 && c != '{')
    return refuse(c == '<' ? N_("not JSON but markup") : N_("not a JSON object"));
  if (c == '{' || c == '[')
    open();
  else if (c == '}' || c == ']')
    close();
  else if (c == '"')
    string();
  else if (c == ',' || c == ':')
    separate();
  else if (c == '-' || g_ascii_isdigit(c))
    number();
  else if (std::string_view("truefalsn").find(c) == std::string_view::npos)
    refuse(N_("not JSON: an unexpected character"));
}

void Scanner::open() {
  has_root_ = true;
  if (++depth_ > limits_.max_depth)
    return refuse(N_("nested too deep"));
  if (++values_ > limits_.max_values)
    return refuse(N_("too many values"));
}

void Scanner::close() {
  --depth_;
}

void Scanner::separate() {
  if (++values_ > limits_.max_values)
    return refuse(N_("too many values"));
  if (depth_ == 1 && text_[pos_ - 1] == ':')
    ++scan_.root_members;
}

void Scanner::string() {
  while (!scan_.problem && pos_ < text_.size()) {
    const char c = text_[pos_++];
    if (c == '"')
      return;
    if (c == '\\')
      escape();
  }
  if (!scan_.problem)
    refuse(N_("not JSON: it ends too early"));
}

void Scanner::escape() {
  const char kind = pos_ < text_.size() ? text_[pos_++] : '\0';
  if (kind != 'u') {
    if (kind == '\0' || std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos)
      refuse(N_("not JSON: a bad escape in a string"));
    return;
  }
  std::uint32_t unit = 0;
  if (!hex(unit))
    return refuse(N_("not JSON: a bad escape in a string"));
  if (unit == 0)
    return refuse(N_("a NUL in a string"));
  if (unit < 0xd800 || unit > 0xdfff)
    return;
  std::uint32_t low = 0;
  const bool is_pair = unit < 0xdc00 && text_.substr(pos_, 2) == "\\u" && (pos_ += 2, hex(low)) &&
                       low >= 0xdc00 && low <= 0xdfff;
  if (!is_pair)
    refuse(N_("half a surrogate pair in a string"));
}

bool Scanner::hex(std::uint32_t& unit) {
  if (text_.size() - pos_ < 4)
    return false;
  const char* const begin = text_.data() + pos_;
  pos_ += 4;
  return std::from_chars(begin, begin + 4, unit, 16).ptr == begin + 4;
}

void Scanner::number() {
  const auto start = pos_ - 1;
  pos_ = std::min(text_.find_first_not_of("+-.eE0123456789", pos_), text_.size());
  const auto token = text_.substr(start, pos_ - start);
  const auto digits = token.substr(token.front() == '-' ? 1 : 0);
  if (digits.size() > 1 && digits[0] == '0' && g_ascii_isdigit(digits[1]))
    return refuse(N_("not JSON: a number with a leading zero"));
  std::int64_t value = 0;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), value);
  if (read.ec == std::errc::result_out_of_range && read.ptr == token.data() + token.size())
    scan_.has_wide_integer = true;
}

}  // namespace

JsonScan scan_json(std::string_view text, ScanLimits limits) {
  if (text.size() > limits.max_bytes)
    return {.problem = N_("too large")};
  if (text.find('\0') != std::string_view::npos)
    return {.problem = N_("not JSON: it contains a NUL byte")};
  if (!g_utf8_validate_len(text.data(), text.size(), nullptr))
    return {.problem = N_("not JSON: it is not UTF-8")};
  return Scanner(text, limits).run();
}

}  // namespace modelverse::api
