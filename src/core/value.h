// SPDX-License-Identifier: LGPL-2.1-or-later
// A JSON-like value, for `extra-input` and `extra-parameters`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace modelverse {

struct Value;
struct Member;
using Array = std::vector<Value>;
// In the user's order; each name occurs once.
using Object = std::vector<Member>;

// The type name of a value that JSON cannot represent. Kept so that the request is refused instead
// of paid for without the value.
struct Foreign {
  std::string type;
};

struct Value {
  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object, Foreign>
      data;
};

// Not a std::pair: clang 14 cannot instantiate it with the incomplete type Value.
struct Member {
  std::string name;
  Value value;
};

}  // namespace modelverse
