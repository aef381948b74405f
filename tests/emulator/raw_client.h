// SPDX-License-Identifier: LGPL-2.1-or-later
// A client that hides nothing: one connection a request, and what happened on it.
#pragma once

#include <json-glib/json-glib.h>

#include <map>
#include <memory>
#include <string>

namespace test_support {

enum class Ending { closed, reset, silent };

struct RawReply {
  int status = 0;                              // 0: there was no head
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // as it stands on the wire
  std::string head;
  Ending ending = Ending::closed;
  double seconds = 0;

  std::string header(const std::string& name) const;
  std::shared_ptr<JsonObject> json() const;  // null where the body is no object
  // The text or number at a dotted path of the JSON, as text; empty where there is none.
  std::string at(const std::string& path) const;
};

struct RawRequest {
  std::string method = "GET";
  std::string url;
  std::map<std::string, std::string> headers;
  std::string body;
  // Not 0: once so many bytes of the body are there, a second of silence is an end.
  std::size_t silent_after = 0;
};

// https works too; the certificate is not looked at.
RawReply exchange(const RawRequest& request);

}  // namespace test_support
