// SPDX-License-Identifier: LGPL-2.1-or-later
// A text as a ByteSource, and a ByteSource as a text.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "core/byte_source.h"

namespace test_support {

class TextSource : public modelverse::ByteSource {
 public:
  explicit TextSource(std::string text) : text_(std::move(text)) {}
  std::uint64_t size() const override { return text_.size(); }
  std::size_t read(std::uint64_t offset, std::span<std::byte> into) const override {
    const auto start = std::min<std::uint64_t>(offset, text_.size());
    const auto size = std::min<std::size_t>(text_.size() - start, into.size());
    std::memcpy(into.data(), text_.data() + start, size);
    return size;
  }

 private:
  const std::string text_;
};

inline std::string text_of(const modelverse::ByteSource& source) {
  std::string text(source.size(), '\0');
  text.resize(source.read(0, std::as_writable_bytes(std::span(text))));
  return text;
}

}  // namespace test_support
