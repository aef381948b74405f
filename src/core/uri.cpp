// SPDX-License-Identifier: LGPL-2.1-or-later
// Cutting secrets off a URL.
#include "core/uri.h"

#include <algorithm>

namespace modelverse {

std::string without_secrets(std::string_view url) {
  url = url.substr(0, url.find_first_of("?#"));
  const auto scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos)
    return std::string(url);
  const auto authority = scheme_end + 3;
  const auto path = std::min(url.find('/', authority), url.size());
  const auto at = url.substr(authority, path - authority).rfind('@');
  std::string shown(url.substr(0, authority));
  shown += url.substr(at == std::string_view::npos ? authority : authority + at + 1);
  return shown;
}

}  // namespace modelverse
