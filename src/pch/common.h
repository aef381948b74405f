// SPDX-License-Identifier: LGPL-2.1-or-later
// Precompiled for speed only: every file still includes what it uses (clang-tidy sees it without).
#include <gio/gio.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <variant>
#include <vector>
