// SPDX-License-Identifier: LGPL-2.1-or-later
// The parts of an exchange without libsoup.
#include "http/transport.h"

#include <algorithm>

namespace modelverse::http {
namespace {

constexpr std::size_t block_size = std::size_t{64} << 10;

// HTTP's names are ASCII: compare them independently of the locale.
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

const std::string* HttpResponse::header(std::string_view name) const {
  const auto same_name = [name](const Header& header) {
    return std::ranges::equal(header.name, name, {}, lower, lower);
  };
  const auto found = std::ranges::find_if(headers, same_name);
  return found == headers.end() ? nullptr : &found->value;
}

bool BoundedBody::begin(const HttpResponse& response) {
  response_ = response;
  text_.clear();
  return true;
}

std::span<std::byte> BoundedBody::space() {
  buffer_.resize(block_size);
  return buffer_;
}

bool BoundedBody::commit(std::size_t size) {
  if (size > limit_ - text_.size())
    return false;
  text_.append(reinterpret_cast<const char*>(buffer_.data()), size);
  return true;
}

}  // namespace modelverse::http
