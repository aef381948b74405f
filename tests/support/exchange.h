// SPDX-License-Identifier: LGPL-2.1-or-later
// A request to the emulator as it is, and what came back.
#pragma once

#include <map>
#include <string>

namespace test_support {

struct RawReply {
  unsigned status = 0;                         // 0: there was no response
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;

  std::string header(const std::string& name) const;
  // The text or number at a dotted path of the JSON, as text; empty if there is none.
  std::string at(const std::string& path) const;
};

struct RawRequest {
  std::string method = "GET";
  std::string url;
  std::map<std::string, std::string> headers;
  std::string body;
};

// Follows no redirect. https works too; the certificate is not checked.
RawReply exchange(const RawRequest& request);

}  // namespace test_support
