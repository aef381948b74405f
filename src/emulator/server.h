// SPDX-License-Identifier: LGPL-2.1-or-later
// Receives requests on two ports of loopback, with libsoup.
#pragma once

#include <libsoup/soup.h>

#include <list>
#include <string>

#include "emulator/service.h"
#include "emulator/transmission.h"

namespace emulator {

class Server {
 public:
  Server(const Options& options, Service& service) : options_(options), service_(service) {}
  ~Server() { soup_server_disconnect(soup_.get()); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Returns the error, or nothing. Requests are handled on the default main context.
  std::string listen();
  const std::string& base_url() const { return base_url_; }

 private:
  static void on_request(SoupServer* soup, SoupServerMessage* message, const char* path,
                         GHashTable* query, gpointer server);
  static void on_finished(SoupServerMessage* message, gpointer server);

  const Options& options_;
  Service& service_;
  std::string base_url_;
  int result_port_ = 0;
  ObjectPtr<SoupServer> soup_{soup_server_new(nullptr, nullptr)};
  std::list<Transmission> transmissions_;
};

}  // namespace emulator
