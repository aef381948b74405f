// SPDX-License-Identifier: LGPL-2.1-or-later
// The object storage's response to a GET of a file, whole or one range (RFC 9110, 14).
#pragma once

#include "emulator/http.h"

namespace emulator {

struct StoredFile {
  Content content;
  std::string etag;             // strong, with its quotes
  std::int64_t changed_at = 0;  // unix s
};

// The rule may be null.
HttpResponse file_response(const HttpRequest& request, const StoredFile& file, const Rule* rule);

}  // namespace emulator
